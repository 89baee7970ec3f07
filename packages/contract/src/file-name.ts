// What may be the name of a file, on every system that it may come to: ours, a server it is delivered to, the disk of who downloads it.

/** Names that Windows gives to devices, with any extension (Microsoft, "Naming files, paths and namespaces"). */
const devices = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|$)/i;
/** They turn the order of what is shown: `report\u202Efdp.exe` reads like a PDF. */
const turnsText = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Why `name` is no plain name of a file, or undefined. Bytes are counted as UTF-8: most file systems take 255. */
export function fileNameFault(name: string, { mostBytes = 255 } = {}): string | undefined {
  if (name === '' || name === '.' || name === '..') return 'is no name';
  if (!name.isWellFormed() || /\p{Cc}/u.test(name)) return 'holds control characters';
  if (/[/\\]/.test(name)) return 'holds a folder';
  if (turnsText.test(name)) return 'holds characters that turn the direction of text';
  if (devices.test(name)) return 'is the name of a device on Windows';
  if (/[. ]$/.test(name)) return 'ends with a dot or a space, which Windows drops';
  if (new TextEncoder().encode(name).length > mostBytes) return `is longer than ${mostBytes} bytes`;
  return undefined;
}
