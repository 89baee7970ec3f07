import path from 'node:path';
import { uploadFile } from '@tidewheel/client/routes';
import { fileSlugOf } from '@tidewheel/contract/slug';
import { command, contextOf } from '../../command.ts';
import { readBlob } from '../../input.ts';
import { size } from '../../output/text.ts';

const mediaTypes: Record<string, string> = {
  '.csv': 'text/csv',
  '.json': 'application/json',
  '.parquet': 'application/vnd.apache.parquet',
  '.txt': 'text/plain',
  '.xml': 'application/xml',
  '.xsd': 'application/xml',
  '.yaml': 'application/yaml',
  '.zip': 'application/zip',
};

export function fileUpload() {
  return command('upload', {
    summary: 'Upload a file, or replace the one with that name',
    examples: [
      ['tidewheel file upload auth.016.001.01.xsd', 'as auth-016-001-01'],
      ['tidewheel file upload venues.csv --as venues', 'under a name of your own'],
    ],
  })
    .argument('<path>', 'file to upload')
    .option('--as <name>', 'name by which flows refer to it: a-z, 0-9 and -; without it, that of the file without its ending')
    .option('--media-type <type>', 'e.g. text/csv; by the ending of its name when omitted')
    .action(async (file, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const name = path.basename(file);
      const body = await readBlob(file);
      const mediaType = options.mediaType ?? mediaTypes[path.extname(name).toLowerCase()];
      const stored = await client.call(
        uploadFile,
        { params: { slug: options.as ?? fileSlugOf(name) }, query: { name, mediaType }, body },
        { signal: context.interrupted },
      );
      context.print.result(stored, () => context.print.line(`${stored.slug}  ${size(stored.size)}  sha256 ${stored.sha256}`));
    });
}
