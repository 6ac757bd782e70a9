import { randomBytes } from 'node:crypto';
import { l10n } from 'vscode';
import type { SbomRow } from '../../protocol/sbom';

export interface SbomPage { run: string; when: string; rows: readonly SbomRow[]; incomplete: readonly string[] }

/** Colours are the theme's; nothing is loaded from anywhere. */
const STYLE = `
body { padding: 0 1.5em 2em; color: var(--vscode-foreground); font: var(--vscode-font-size) var(--vscode-font-family); }
h1 { font-size: 1.4em; font-weight: 600; margin: 1em 0 .2em; }
p { margin: .2em 0; }
.tools { position: sticky; top: 0; display: flex; flex-wrap: wrap; gap: .6em; align-items: center; padding: .8em 0; background: var(--vscode-editor-background); }
label { display: contents; }
input { flex: 1 1 16em; max-width: 30em; padding: .35em .5em; color: var(--vscode-input-foreground); background: var(--vscode-input-background); border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent)); font: inherit; }
button { padding: .4em .9em; color: var(--vscode-button-secondaryForeground); background: var(--vscode-button-secondaryBackground); border: 1px solid var(--vscode-button-border, transparent); font: inherit; cursor: pointer; }
button:hover { background: var(--vscode-button-secondaryHoverBackground); }
input:focus-visible, button:focus-visible, a:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: 600; padding: 1em 0 .4em; }
th, td { text-align: left; padding: .3em .8em .3em 0; vertical-align: top; border-bottom: 1px solid var(--vscode-widget-border, var(--vscode-panel-border)); overflow-wrap: anywhere; }
thead th { font-weight: 600; color: var(--vscode-descriptionForeground); white-space: nowrap; }
tbody th { font-weight: 400; }
.unknown { color: var(--vscode-descriptionForeground); font-style: italic; }
.warning { display: block; color: var(--vscode-editorWarning-foreground); }
[hidden] { display: none; }
`;

const SCRIPT = `
const code = acquireVsCodeApi();
const filter = document.querySelector('input');
const rows = [...document.querySelectorAll('tbody tr')].map((row) => [row, row.textContent.toLowerCase()]);
const status = document.querySelector('[role=status]');
filter.addEventListener('input', () => {
  const words = filter.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let shown = 0;
  for (const [row, text] of rows) {
    row.hidden = !words.every((word) => text.includes(word));
    if (!row.hidden) shown += 1;
  }
  for (const table of document.querySelectorAll('table')) table.hidden = !table.querySelector('tbody tr:not([hidden])');
  status.textContent = status.dataset.text.replace('{0}', shown);
});
for (const button of document.querySelectorAll('button')) button.addEventListener('click', () => code.postMessage({ save: button.dataset.format }));
`;

/** The table as a page: every text in it is a package's own, so all of it is escaped, and no script but ours runs. */
export function sbomPage({ run, when, rows, incomplete }: SbomPage): string {
  const nonce = randomBytes(16).toString('base64');
  const own = rows.filter(({ system }) => !system);
  const system = rows.filter((row) => row.system);
  const shownText = l10n.t('{0} packages shown');
  return `<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'">
<title>${escaped(l10n.t('SBOM: {0}', run))}</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<h1>${escaped(l10n.t('What was installed'))}</h1>
<p><code>${escaped(run)}</code>, ${escaped(when)}</p>
<p>${escaped(l10n.t('{0} packages of the project, {1} of the image', own.length, system.length))}</p>
${incomplete.map((sentence) => `<p class="warning">${escaped(sentence)}</p>`).join('\n')}
<div class="tools">
<label>${hidden(l10n.t('Filter packages'))}<input type="search" placeholder="${escaped(l10n.t('Filter by name, version or licence'))}" aria-label="${escaped(l10n.t('Filter packages'))}"></label>
<button data-format="cyclonedx">${escaped(l10n.t('Save as CycloneDX…'))}</button>
<button data-format="spdx">${escaped(l10n.t('Save as SPDX…'))}</button>
</div>
<p role="status" class="unknown" data-text="${escaped(shownText)}"></p>
${own.length > 0 ? table(l10n.t('Project'), own) : ''}
${system.length > 0 ? table(l10n.t('Image'), system) : ''}
<script nonce="${nonce}">${SCRIPT}</script>
</body>
</html>`;
}

function table(caption: string, rows: readonly SbomRow[]): string {
  const headings = [l10n.t('Package'), l10n.t('Version'), l10n.t('Licence'), l10n.t('From')];
  return `<table>
<caption>${escaped(caption)}</caption>
<thead><tr>${headings.map((heading) => `<th scope="col">${escaped(heading)}</th>`).join('')}</tr></thead>
<tbody>
${rows.map(tableRow).join('\n')}
</tbody>
</table>`;
}

function tableRow({ name, version, licence, kind, warnings }: SbomRow): string {
  const marks = warnings.map((warning) => `<span class="warning">${escaped(l10n.t('Warning: {0}', warning))}</span>`).join('');
  const shown = licence === '' ? `<span class="unknown">${escaped(l10n.t('unknown'))}</span>` : escaped(licence);
  return `<tr><th scope="row">${escaped(name)}${marks}</th><td>${escaped(version)}</td><td>${shown}</td><td>${escaped(kind)}</td></tr>`;
}

function hidden(text: string): string {
  return `<span hidden>${escaped(text)}</span>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
