// TLS of our own with real certificates: what it offers, what it refuses, and a renewal without a restart.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get, request } from 'node:http';
import { request as secureRequest } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect, type DetailedPeerCertificate, type SecureVersion } from 'node:tls';
import { defineRoute } from '@tidewheel/contract/route';
import { freePort } from '@tidewheel/kit/testing/free-port';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { endpoint } from '../../base/endpoint.ts';
import { createHttp } from './mount.ts';
import { captureLog, type Listening, listenFor } from './testing/listening.ts';
import { readTls } from './tls.ts';

const enter = defineRoute({
  name: 'test.enter',
  method: 'POST',
  path: '/api/enter',
  tag: 'Test',
  summary: 'x',
  access: 'open',
  response: z.object({ ok: z.boolean() }),
});
let folder: string;
let server: Listening;
let port: number;
const files = () => ({ cert: path.join(folder, 'cert.pem'), key: path.join(folder, 'key.pem') });

async function writeCertificate(commonName: string): Promise<string> {
  const made = await generate([{ name: 'commonName', value: commonName }], {
    keySize: 2048,
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  await writeFile(files().key, made.private);
  await writeFile(files().cert, made.cert);
  return made.cert;
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tidewheel-tls-'));
  await writeCertificate('first');
  server = await listenFor({
    endpoints: [
      endpoint(enter, async ({ call }) => {
        call.setCookie('tidewheel', 'value', { maxAgeSeconds: 60 });
        return { ok: true };
      }),
    ],
    settings: { host: '127.0.0.1', port: 0, publicUrl: undefined, tls: { ...files(), redirectPort: undefined, lookEveryMs: 50 } },
  });
  port = Number(new URL(server.listening).port);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

function handshake(
  options: { minVersion?: SecureVersion; maxVersion?: SecureVersion; ciphers?: string } = {},
): Promise<{ protocol: string | null; cipher: string; subject: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options }, () => {
      const certificate: DetailedPeerCertificate = socket.getPeerCertificate(true);
      resolve({ protocol: socket.getProtocol(), cipher: socket.getCipher().name, subject: String(certificate.subject.CN) });
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

describe('TLS of our own', () => {
  it('offers TLS 1.3 and 1.2 with modern ciphers, and nothing below', async () => {
    expect(server.listening).toMatch(/^https:/);
    expect(await handshake()).toMatchObject({ protocol: 'TLSv1.3', subject: 'first' });
    expect(await handshake({ maxVersion: 'TLSv1.2' })).toMatchObject({ protocol: 'TLSv1.2', cipher: expect.stringMatching(/^ECDHE-.*(GCM|POLY1305)/) });
    await expect(handshake({ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })).rejects.toThrow();
    for (const weak of ['AES128-SHA', 'AES256-GCM-SHA384', 'ECDHE-RSA-AES128-SHA', 'DHE-RSA-AES128-GCM-SHA256'])
      await expect(handshake({ maxVersion: 'TLSv1.2', ciphers: `${weak}:@SECLEVEL=0` }), weak).rejects.toThrow();
  });

  it('promises https, and gives cookies that never leave it', async () => {
    const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
      const call = secureRequest(
        { host: '127.0.0.1', port, path: '/api/enter', method: 'POST', rejectUnauthorized: false, headers: { 'sec-fetch-site': 'same-origin' } },
        (answer) => resolve(answer.resume().headers),
      );
      call.on('error', reject).end();
    });
    expect(headers['strict-transport-security']).toMatch(/^max-age=\d{8,}; includeSubDomains$/);
    expect(String(headers['set-cookie'])).toMatch(/^__Host-tidewheel=value; Path=\/; .*HttpOnly; SameSite=Lax; Secure/);
  });

  it('does not answer plain HTTP on that port', async () => {
    await expect(
      new Promise((resolve, reject) => {
        get({ host: '127.0.0.1', port, path: '/' }, resolve).on('error', reject);
      }),
    ).rejects.toThrow();
  });

  it('takes a renewed certificate without a restart, and keeps the old one while the new one is faulty', async () => {
    await writeFile(files().cert, 'half a fi');
    await expect.poll(() => server.logged()).toContain('could not be read again');
    expect((await handshake()).subject).toBe('first');
    await writeCertificate('second');
    await expect.poll(async () => (await handshake()).subject).toBe('second');
  });

  it('says what is wrong with its files', async () => {
    await expect(readTls({ cert: path.join(folder, 'none.pem'), key: files().key })).rejects.toMatchObject({
      code: 'http.tls',
      message: expect.stringContaining('none.pem'),
    });
    const other = await generate([{ name: 'commonName', value: 'other' }]);
    await writeFile(path.join(folder, 'other.pem'), other.private);
    await expect(readTls({ cert: files().cert, key: path.join(folder, 'other.pem') })).rejects.toMatchObject({ code: 'http.tls' });
  });

  it('redirects plain HTTP on another port, reads only, and only to itself', async () => {
    const { log } = captureLog();
    const redirectPort = await freePort();
    const http = await createHttp({
      endpoints: [],
      authenticate: async () => null,
      log,
      settings: { host: '127.0.0.1', port: 0, publicUrl: undefined, tls: { ...files(), redirectPort, lookEveryMs: 1_000 } },
    });
    await http.listen();
    const ask = (method: string, headers: Record<string, string>) =>
      new Promise<{ status: number | undefined; location: string | undefined }>((resolve, reject) => {
        request({ host: '127.0.0.1', port: redirectPort, path: '/runs?x=1', method, headers }, (answer) =>
          resolve({ status: answer.resume().statusCode, location: answer.headers.location }),
        )
          .on('error', reject)
          .end();
      });
    const securePort = new URL(http.listening()).port;
    expect(await ask('GET', { host: 'tidewheel.example:80' })).toEqual({ status: 308, location: `https://tidewheel.example:${securePort}/runs?x=1` });
    expect(await ask('POST', { host: 'tidewheel.example' })).toMatchObject({ status: 403 });
    expect(await ask('GET', { host: 'evil.example/@x' })).toMatchObject({ status: 400 });
    await http.close();
  });
});
