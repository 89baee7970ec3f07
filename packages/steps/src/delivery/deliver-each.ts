// Delivers files one after the other and keeps every attempt with the run, the failed one too.
import { toAppError } from '@tidewheel/contract/errors';
import type { FileRef } from '@tidewheel/contract/values';
import type { StepContext } from '@tidewheel/kit/step-context';
import { z } from 'zod';
import { wouldText } from '../files/file-write.step.ts';
import type { WouldFind } from '../files/place-file.ts';

/** What the receiving side confirmed. */
export const Receipt = z.object({
  size: z.number(),
  sha256: z.string(),
  md5: z.string(),
  verifiedBy: z.string().describe('How the content on the other side was compared: sha256sum, read back, size'),
  alreadyThere: z.boolean().describe('The very same file was there before; nothing was sent'),
  ms: z.number(),
});
export type Receipt = z.infer<typeof Receipt>;

export const Deliveries = z.object({ deliveries: z.array(Receipt.loose().extend({ file: z.string(), destination: z.string() })) });

export interface Sent {
  verifiedBy: string;
  alreadyThere: boolean;
  [fact: string]: unknown;
}

export interface DeliverOptions {
  connection: string;
  files: FileRef[];
  destination(file: FileRef): string;
  send(file: FileRef): Promise<Sent>;
}

/** @throws what `send` throws, after the failed attempt was recorded */
export async function deliverEach(ctx: StepContext, { connection, files, destination, send }: DeliverOptions): Promise<z.infer<typeof Deliveries>> {
  const deliveries: z.infer<typeof Deliveries>['deliveries'] = [];
  for (const file of files) {
    const startedAt = new Date();
    const started = performance.now();
    const record = { file, connection, destination: destination(file), startedAt };
    const ms = () => Math.round(performance.now() - started);
    try {
      const sent = await send(file);
      const receipt = { size: file.size, sha256: file.sha256, md5: file.md5, ...sent, ms: ms() };
      await ctx.recordDelivery({ ...record, state: 'delivered', ms: receipt.ms, receipt });
      ctx.log.info(
        sent.alreadyThere
          ? `${record.destination} was there already with the same content.`
          : `Delivered ${record.destination}: ${file.size} bytes in ${receipt.ms} ms, verified by ${sent.verifiedBy}.`,
      );
      deliveries.push({ file: file.name, destination: record.destination, ...receipt });
    } catch (thrown) {
      const error = toAppError(thrown);
      await ctx.recordDelivery({ ...record, state: 'failed', ms: ms(), error: `${error.code}: ${error.message}` });
      throw thrown;
    }
  }
  return { deliveries };
}

/** What a dry run says instead: nothing is sent, and no delivery is recorded. */
export async function wouldDeliverEach(
  ctx: StepContext,
  { files, destination, find }: Pick<DeliverOptions, 'files' | 'destination'> & { find(file: FileRef): Promise<WouldFind> },
): Promise<z.infer<typeof Deliveries>> {
  const deliveries: z.infer<typeof Deliveries>['deliveries'] = [];
  for (const file of files) {
    const found = await find(file);
    const place = destination(file);
    ctx.log.info(wouldText({ what: 'deliver', place, size: file.size, found }));
    const { size, sha256, md5 } = file;
    deliveries.push({ file: file.name, destination: place, size, sha256, md5, verifiedBy: 'dry run: nothing was sent', alreadyThere: found === 'same', ms: 0 });
  }
  return { deliveries };
}

/** A checksum file beside a file, as sha256sum and md5sum write and check it. */
export function companionOf(file: FileRef, kind: 'sha256' | 'md5'): { name: string; text: string } {
  return { name: `${file.name}.${kind}`, text: `${file[kind]}  ${file.name}\n` };
}

export const companionField = z.enum(['none', 'sha256', 'md5']).default('none').meta({
  title: 'Checksum file',
  description: 'Also delivers <name>.sha256 or <name>.md5, after the file itself, for receivers that check with sha256sum -c.',
});
export const overwriteField = z
  .enum(['replace', 'refuse'])
  .default('replace')
  .meta({ title: 'When another file has that name', description: 'The very same content already there counts as delivered.' });
