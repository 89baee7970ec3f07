import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

const read = (file: string) => readFileSync(path.resolve(import.meta.dirname, file), 'utf8');
const names = (text: string, pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map(([, name]) => name))].sort();

/** `#NAME=value`, with the values as they stand there. */
const example = Object.fromEntries(
  [...read('../../../../.env.example').matchAll(/^#([A-Z0-9_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value] as const),
);

describe('.env.example', () => {
  it('names every setting, and nothing that is none', () => {
    const settings = names(read('settings.ts'), /^ {2}([A-Z0-9_]+): z\b/gm);
    expect(settings.length).toBeGreaterThan(20);
    const { TIDEWHEEL_MASTER_KEY_FILE: file, ...others } = example;
    expect(file).toBeDefined();
    expect(Object.keys(others).sort()).toEqual(settings);
  });

  it('gives values that the server takes', () => {
    const { TIDEWHEEL_DATA: _home, ...given } = example;
    expect(readSettings(given)).toMatchObject({ port: 8080, trustedProxies: ['10.0.0.0/8'], tls: { redirectPort: 80 }, s3: { cacheBytes: 10 * 1024 ** 3 } });
  });

  it('shows the defaults where a setting has one', () => {
    const { TIDEWHEEL_S3_BUCKET, TIDEWHEEL_PORT } = example;
    const defaulted = [
      'TIDEWHEEL_HOST',
      'TIDEWHEEL_ROLES',
      'TIDEWHEEL_LOG_LEVEL',
      'TIDEWHEEL_WORKER_TAGS',
      'TIDEWHEEL_WORKER_CONCURRENCY',
      'TIDEWHEEL_RATE_LIMITS',
    ];
    const shown = Object.fromEntries(
      [...defaulted, 'TIDEWHEEL_TABLE_PROCESSES', 'TIDEWHEEL_TABLE_MEMORY', 'TIDEWHEEL_S3_CACHE'].map((name) => [name, example[name]]),
    );
    const bucket = { TIDEWHEEL_S3_BUCKET, TIDEWHEEL_PORT };
    expect(readSettings({ ...bucket, ...shown })).toEqual(readSettings({ TIDEWHEEL_S3_BUCKET }));
  });
});
