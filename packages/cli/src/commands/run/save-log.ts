// `run logs --output`: the whole log as a text file.
import type { Client } from '@tidewheel/client/client';
import { downloadLog } from '@tidewheel/client/routes';
import type { Context } from '../../context.ts';
import { size } from '../../output/text.ts';
import { refuseExisting, saveDownload } from '../../save-download.ts';

export async function saveLog(
  context: Context,
  client: Client,
  { run, target, overwrite }: { run: string; target: string; overwrite: boolean },
): Promise<void> {
  await refuseExisting(target, overwrite);
  const response = await client.download(downloadLog, { params: { id: run } }, { signal: context.interrupted });
  const saved = await saveDownload({ response, target, overwrite, signal: context.interrupted, isQuiet: context.print.isJson });
  if (target !== '-') context.print.result(saved, () => context.print.line(`${saved.path}  ${size(saved.size)}`));
}
