import { createHash } from 'node:crypto';
import JSZip from 'jszip';

export interface Wheel { name: string; files: Record<string, string>; /** Withdrawn, for this reason. */ yanked?: string }

/** What a Python index below /simple/ serves of version 1.0 of these packages, by path, in base64. */
export async function pythonWheels(wheels: readonly Wheel[]): Promise<Record<string, string>> {
  const served: Record<string, string> = {};
  for (const { name, files, yanked } of wheels) {
    const info = `${name}-1.0.dist-info`;
    const all: Record<string, string> = {
      ...files, [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0\n`,
      [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    };
    const record = Object.entries(all).map(([path, text]) => `${path},sha256=${createHash('sha256').update(text).digest('base64url')},${text.length}\n`);
    const zip = new JSZip();
    for (const [path, text] of [...Object.entries(all), [`${info}/RECORD`, `${record.join('')}${info}/RECORD,,\n`] as const]) zip.file(path, text);
    const wheel = await zip.generateAsync({ type: 'nodebuffer' });
    const file = `${name}-1.0-py3-none-any.whl`;
    const hash = createHash('sha256').update(wheel).digest('hex');
    const page = `<!DOCTYPE html><html><body><a href="/simple/${name}/${file}#sha256=${hash}"${yanked === undefined ? '' : ` data-yanked="${yanked}"`}>${file}</a></body></html>`;
    served[`/simple/${name}/`] = Buffer.from(page).toString('base64');
    served[`/simple/${name}/${file}`] = wheel.toString('base64');
  }
  return served;
}
