import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withEvents } from './event-table.ts';
import { withMatrix } from './permission-matrix.ts';
import { stepTypesPage } from './step-types-page.ts';

const docs = path.resolve(import.meta.dirname, '../docs');

function write(name: string, text: string): void {
  writeFileSync(path.join(docs, name), text);
  console.log(`Wrote docs/${name}`);
}

write('step-types.md', stepTypesPage());
write('security.md', withMatrix(readFileSync(path.join(docs, 'security.md'), 'utf8')));
write('live.md', withEvents(readFileSync(path.join(docs, 'live.md'), 'utf8')));
