/** What others wrote, as a label shows it: VS Code would draw `$(name)` in it as an icon, and a command's `$(date)` as nothing at all. */
export function plainLabel(text: string): string {
  return text.replace(/\$\([\w~-]+\)/g, '\\$&');
}
