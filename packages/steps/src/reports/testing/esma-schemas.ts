// ESMA's schemas carry licence terms and stay outside of the repository: tests take them from the shared folder.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { HarnessFile } from '@tidewheel/kit/harness';

const root = path.resolve(import.meta.dirname, '../../../../..');
const folder = path.resolve(root, process.env.TIDEWHEEL_SHARED ?? '../shared', 'data/esma');
const names = { document: 'auth.016.001.01_ESMAUG_Reporting_1.1.0.xsd', header: 'head.001.001.01_ESMAUG_1.0.0.xsd', envelope: 'head.003.001.01.xsd' };

export const hasEsmaSchemas = Object.values(names).every((name) => existsSync(path.join(folder, name)));

/** As uploads of the step harness, under the slugs document, header and envelope. */
export function esmaSchemas(): Record<keyof typeof names, HarnessFile> {
  const file = (name: string): HarnessFile => ({ name, mediaType: 'application/xml', content: readFileSync(path.join(folder, name)) });
  return { document: file(names.document), header: file(names.header), envelope: file(names.envelope) };
}
