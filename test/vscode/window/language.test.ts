import { Workbench } from './workbench';

describe('A file in another language than its folder’s', () => {
  let window: Workbench;
  before(async () => {
    window = await Workbench.open('two-languages', { 'app.py': 'print("hello from Python")\n', 'more.py': '', 'page.js': 'console.log("hello from", process.release.name);\n' }, 'dark');
  });
  after(() => window.close());

  it('is run after one click on the notification that says what it needs', async function () {
    this.timeout(600_000);
    await window.openFile('page.js');
    await window.runButton.click();
    await window.output(/set up for Python; page\.js needs Node\.js/);
    const notification = await window.notification('page.js needs Node.js');
    await window.screenshot('language');
    await notification.getByRole('button', { name: 'Change to Node.js and Run' }).click();
    await window.output(/hello from node\n\[Exited with code 0/);
  });
});
