import { Workbench } from './workbench';

const PLANTED = { 'jhansi.sandbox.image': 'evil:1', 'jhansi.sandbox.allow': { '/': ['.env'] }, 'jhansi.sandbox.ttlMinutes': 100_000 };

describe('Restricted Mode', () => {
  let window: Workbench;
  before(async () => {
    window = await Workbench.open('untrusted', {
      'main.py': 'import os\nprint("ran in the sandbox", ".env" in os.listdir())\n', '.env': 'KEY=1\n', '.vscode/settings.json': JSON.stringify(PLANTED),
    }, 'light', { in: 'untrusted' });
  });
  after(() => window.close());

  it('runs the code all the same, and takes no weaker settings from the folder', async function () {
    this.timeout(600_000);
    await window.page.getByText('Restricted Mode').first().waitFor();
    await window.openFile('main.py');
    await window.runButton.click();
    await window.output(/ran in the sandbox False\n\[Exited with code 0/);
    await window.status(/python · (1h|60m)$/);
    await window.inAllLooks('restricted');
  });
});
