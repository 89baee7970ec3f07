// Settings that are secrets may lie in files, as container platforms hand them over: TIDEWHEEL_S3_SECRET_KEY_FILE names the file of TIDEWHEEL_S3_SECRET_KEY.
import { readFile } from 'node:fs/promises';
import { InvalidInput } from '@tidewheel/contract/errors';
import { redactor } from '../base/redactor.ts';

const secretSettings = ['TIDEWHEEL_MASTER_KEY', 'TIDEWHEEL_FORMER_MASTER_KEYS', 'DATABASE_URL', 'TIDEWHEEL_S3_ACCESS_KEY', 'TIDEWHEEL_S3_SECRET_KEY'] as const;

type Environment = Record<string, string | undefined>;

/** The environment with what the files hold, one line end dropped. @throws InvalidInput for a file that cannot be read, and for a setting that is given twice */
export async function withSecretFiles(environment: Environment): Promise<Environment> {
  const read: Environment = {};
  for (const name of secretSettings) {
    const file = environment[`${name}_FILE`];
    if (!file) continue;
    if (environment[name]) throw new InvalidInput('settings.twice', `${name} and ${name}_FILE are both set.`, { hint: 'Leave one of them out.' });
    const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      throw new InvalidInput('settings.secret_file', `${name}_FILE: ${file} cannot be read (${cause.code}).`, {
        hint: 'Name a file that this user may read.',
        cause,
      });
    });
    read[name] = text.replace(/\r?\n$/, '');
  }
  // For the life of the process: an error of the store or of Postgres may repeat them.
  redactor.watch(['TIDEWHEEL_S3_SECRET_KEY'].map((name) => read[name] ?? environment[name] ?? '').filter((text) => text.length > 0));
  return { ...environment, ...read };
}
