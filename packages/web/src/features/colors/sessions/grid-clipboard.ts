// Cells as spreadsheets put them on the clipboard: tabs between, a line for each row, quotes around what holds either.

export function cellsOf(text: string): string[][] {
  const lines: string[][] = [[]];
  let cell = '';
  let isQuoted = false;
  const end = () => {
    lines.at(-1)?.push(cell);
    cell = '';
  };
  for (let i = 0; i < text.length; i++) {
    const letter = text[i] as string;
    if (isQuoted && letter === '"' && text[i + 1] === '"') cell += text[++i];
    else if (letter === '"' && (isQuoted || cell === '')) isQuoted = !isQuoted;
    else if (!isQuoted && letter === '\t') end();
    else if (!isQuoted && letter === '\n') {
      end();
      lines.push([]);
    } else if (letter !== '\r' || isQuoted) cell += letter;
  }
  // A line end at the very end belongs to the line before it.
  if (cell !== '' || lines.at(-1)?.length) end();
  else lines.pop();
  return lines;
}

export function textOfCells(lines: readonly (readonly string[])[]): string {
  return lines.map((line) => line.map((cell) => (/[\t\n"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join('\t')).join('\n');
}
