// The XML schemas that a person uploaded for a report, checked and laid out so that a validator can use them as one.
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { FileRef } from '@tidewheel/contract/values';
import type { StepContext } from '@tidewheel/kit/step-context';
import { envelopeNamespace, headerNamespace } from './business-envelope.ts';
import { readSchema } from './schema-file.ts';

export interface UploadedSchema {
  slug: string;
  name: string;
  sha256: string;
  namespace: string;
}
export interface SchemaSet {
  folder: string;
  /** The schema that imports all others; validate against this one. */
  driver: string;
  uploaded: UploadedSchema[];
  /** Namespaces of the message that no uploaded schema describes: their content is not validated. */
  uncovered: string[];
}

const largestSchema = 5_000_000;

/** @throws InvalidInput when a file is no XML schema, reaches outside the uploaded ones, or none describes `documentNamespace`; NotFound for an unknown slug */
export async function layOutSchemas(
  ctx: StepContext,
  { slugs, documentNamespace }: { slugs: readonly string[]; documentNamespace: string },
): Promise<SchemaSet> {
  const files = await Promise.all(slugs.map(async (slug) => ({ slug, file: await ctx.files.uploaded(slug) })));
  const folder = path.join(await ctx.files.scratch(), 'schemas');
  await mkdir(folder);
  const uploaded: UploadedSchema[] = [];
  for (const { slug, file } of files) uploaded.push(await layOut(ctx, { slug, file, folder, siblings: files.map((other) => other.file.name) }));
  refuseTwins(uploaded);
  const has = (namespace: string) => uploaded.some((schema) => schema.namespace === namespace);
  if (!has(documentNamespace)) {
    throw new InvalidInput('report.schema', `None of the schemas ${slugs.join(', ')} describes ${documentNamespace}.`, {
      hint: 'Upload the schema of the message itself and name it in `schemas`.',
    });
  }
  const uncovered = [envelopeNamespace, headerNamespace].filter((namespace) => !has(namespace));
  return { folder, driver: await writeDriver({ folder, uploaded, uncovered }), uploaded, uncovered };
}

async function layOut(
  ctx: StepContext,
  { slug, file, folder, siblings }: { slug: string; file: FileRef; folder: string; siblings: string[] },
): Promise<UploadedSchema> {
  const refuse = (what: string, hint: string) => new InvalidInput('report.schema', `The schema "${slug}" (${file.name}) ${what}.`, { hint });
  if (file.size > largestSchema) throw refuse(`has ${file.size} bytes; at most ${largestSchema} are read`, 'Upload the schema of one message.');
  if (!/^[\w][\w .()-]*$/.test(file.name))
    throw refuse('has a name that is not letters, digits, spaces, dots, dashes and brackets', 'Upload it again under a plain name.');
  const local = await ctx.files.localPath(file);
  const schema = await readSchema(local);
  if ('fault' in schema) throw refuse(schema.fault, 'Upload the XML schema (.xsd) that the authority publishes.');
  for (const location of schema.locations) {
    if (!siblings.includes(location))
      throw refuse(
        `refers to ${JSON.stringify(location)}, which is not among the schemas of the step`,
        'Upload that schema too, under this file name, and name it in `schemas`.',
      );
  }
  await copyFile(local, path.join(folder, file.name));
  return { slug, name: file.name, sha256: file.sha256, namespace: schema.namespace };
}

function refuseTwins(uploaded: UploadedSchema[]): void {
  for (const [index, schema] of uploaded.entries()) {
    const twin = uploaded.slice(0, index).find((other) => other.namespace === schema.namespace || other.name === schema.name);
    if (!twin) continue;
    const what = twin.name === schema.name ? `have the same file name ${schema.name}` : `describe the same namespace ${schema.namespace}`;
    throw new InvalidInput('report.schema', `The schemas "${twin.slug}" and "${schema.slug}" ${what}.`, { hint: 'Name only one of them in `schemas`.' });
  }
}

// The envelope takes its header and its document by wildcards, so that no schema imports another: one that imports all of them lets a
// validator check the whole file in one pass. What the authority gave no schema for gets a stand-in that accepts anything there.
async function writeDriver({ folder, uploaded, uncovered }: { folder: string; uploaded: UploadedSchema[]; uncovered: string[] }): Promise<string> {
  const parts = uploaded.map(({ namespace, name }) => ({ namespace, name }));
  for (const [index, namespace] of uncovered.entries()) {
    const name = `.stand-in-${index}.xsd`;
    await writeFile(path.join(folder, name), standIn(namespace));
    parts.push({ namespace, name });
  }
  const imports = parts.map(({ namespace, name }) => `<xs:import namespace="${namespace}" schemaLocation="${encodeURI(name)}"/>`).join('');
  await writeFile(path.join(folder, '.driver.xsd'), `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">${imports}</xs:schema>`);
  return path.join(folder, '.driver.xsd');
}

function standIn(namespace: string): string {
  const any = (contents: string) =>
    `<xs:complexType><xs:sequence><xs:any namespace="##any" processContents="${contents}" maxOccurs="unbounded"/></xs:sequence></xs:complexType>`;
  const part = (name: string, contents: string) => `<xs:element name="${name}">${any(contents)}</xs:element>`;
  const content =
    namespace === headerNamespace
      ? part('AppHdr', 'lax')
      : `<xs:element name="BizData"><xs:complexType><xs:sequence>${part('Hdr', 'strict')}${part('Pyld', 'strict')}</xs:sequence></xs:complexType></xs:element>`;
  return `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="${namespace}" elementFormDefault="qualified">${content}</xs:schema>`;
}
