// What a request carries, so that it can be sent a second time: text, or files as they lie on the disk.
import { randomBytes } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { FileRef } from '@tidewheel/contract/values';
import { template } from '@tidewheel/kit/fields';
import type { StepContext } from '@tidewheel/kit/step-context';
import { z } from 'zod';

const fields = z.record(z.string().min(1).max(200), template({ title: 'Value' }));

export const bodyField = z
  .discriminatedUnion('as', [
    z
      .strictObject({
        as: z.literal('json'),
        value: z
          .string()
          .min(1)
          .max(10_000)
          .meta({ title: 'Value', description: 'An expression: its value is sent as JSON', field: 'expression', widget: 'code' }),
      })
      .meta({ title: 'JSON' }),
    z.strictObject({ as: z.literal('form'), fields: fields.meta({ title: 'Fields' }) }).meta({ title: 'Form' }),
    z
      .strictObject({
        as: z.literal('text'),
        text: template({ title: 'Text', widget: 'textarea' }),
        mediaType: z.string().max(200).default('text/plain; charset=utf-8').meta({ title: 'Media type' }),
      })
      .meta({ title: 'Text' }),
    z
      .strictObject({
        as: z.literal('file'),
        pick: template({ title: 'Which file', description: 'Of those the steps before hand on: the name of one' }).optional(),
      })
      .meta({ title: 'A file' }),
    z
      .strictObject({
        as: z.literal('multipart'),
        fields: fields.default({}).meta({ title: 'Fields' }),
        fileField: z.string().min(1).max(200).default('file').meta({ title: 'Field of the files', description: 'All files that the steps before hand on' }),
      })
      .meta({ title: 'Form with files' }),
  ])
  .optional()
  .meta({ title: 'Body' });
export type Body = z.output<typeof bodyField>;

export interface RequestBody {
  content: string | Blob;
  mediaType: string;
}

/** @throws InvalidInput when a file is needed and there is none, or several */
export async function bodyOf(body: Body, ctx: Pick<StepContext, 'inputs' | 'files' | 'evaluate'>): Promise<RequestBody | undefined> {
  if (body === undefined) return undefined;
  switch (body.as) {
    case 'json':
      return { content: JSON.stringify(ctx.evaluate(body.value) ?? null), mediaType: 'application/json' };
    case 'form':
      return { content: new URLSearchParams(body.fields).toString(), mediaType: 'application/x-www-form-urlencoded' };
    case 'text':
      return { content: body.text, mediaType: body.mediaType };
    case 'file': {
      const file = pickFile(filesOf(ctx), body.pick);
      return { content: await blobOf(file, ctx), mediaType: file.mediaType };
    }
    default:
      return multipart(body, ctx);
  }
}

function filesOf({ inputs }: Pick<StepContext, 'inputs'>): FileRef[] {
  return Object.values(inputs).flatMap((input) => input.files);
}

function pickFile(files: FileRef[], pick: string | undefined): FileRef {
  const found = pick === undefined ? files : files.filter(({ name }) => name === pick);
  if (found.length === 1) return found[0] as FileRef;
  const names = files.map(({ name }) => name).join(', ');
  throw new InvalidInput('http.file', found.length === 0 ? 'There is no file to send.' : `There are ${found.length} files, and one is sent.`, {
    hint: files.length === 0 ? 'Name a step that makes a file in `from`.' : `Set pick to one of ${names}.`,
  });
}

async function blobOf(file: FileRef, { files }: Pick<StepContext, 'files'>): Promise<Blob> {
  return (await openAsBlob(await files.localPath(file))) as unknown as Blob;
}

/** RFC 7578; names as browsers write them. */
async function multipart(
  { fields: texts, fileField }: Extract<NonNullable<Body>, { as: 'multipart' }>,
  ctx: Pick<StepContext, 'inputs' | 'files'>,
): Promise<RequestBody> {
  const boundary = `tidewheel-${randomBytes(18).toString('hex')}`;
  const quoted = (text: string) => `"${text.replace(/[\r\n"]/g, (char) => encodeURIComponent(char))}"`;
  const parts: (string | Blob)[] = Object.entries(texts).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name=${quoted(name)}\r\n\r\n${value}\r\n`,
  );
  for (const file of filesOf(ctx)) {
    const head = `Content-Disposition: form-data; name=${quoted(fileField)}; filename=${quoted(file.name)}\r\nContent-Type: ${file.mediaType.replace(/[\r\n]/g, '')}`;
    parts.push(`--${boundary}\r\n${head}\r\n\r\n`, await blobOf(file, ctx), '\r\n');
  }
  return { content: new Blob([...parts, `--${boundary}--\r\n`]), mediaType: `multipart/form-data; boundary=${boundary}` };
}
