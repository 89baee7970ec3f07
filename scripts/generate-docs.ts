import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { stepTypesPage } from './step-types-page.ts';

const file = path.resolve(import.meta.dirname, '../docs/step-types.md');
writeFileSync(file, stepTypesPage());
console.log(`Wrote ${path.relative(process.cwd(), file)}`);
