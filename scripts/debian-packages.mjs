// The Debian packages that the tests talk to, installed by `npm test` where it runs as root. One line each: what needs it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { showProgress } from './progress.mjs';

export const debianPackages = [
  'chromium', // tests/journeys, in a real browser
  'curl', // the examples of docs/api.md
  'dovecot-imapd', // connector imap, mail triggers
  'gss-ntlmssp', // WinRM: an NTLM acceptor that is not ours
  'openssh-server', // deliver.sftp, connector sftp, ssh.run
  'vsftpd', // connector ftp
  'mariadb-server', // connector mysql
  'python3-gssapi', // WinRM: the test server
  'python3-winrm', // WinRM: another client of the test server
  'swift-account', // the S3 object store: a server that checks signatures
  'swift-container',
  'swift-object',
  'swift-proxy',
  'libxml2-utils', // report.iso20022: xmllint as a second opinion
  'python3-openpyxl', // report.excel: another reader
  'procps', // crash tests look at processes
  'sudo', // ssh.run as another user
];

const policy = '/usr/sbin/policy-rc.d';

function missingPackages() {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own placeholders
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Abbrev}\n', ...debianPackages], { encoding: 'utf8' });
  const installed = new Set(
    (stdout ?? '')
      .split('\n')
      .filter((line) => / ii/.test(line))
      .map((line) => line.split(' ')[0]),
  );
  return debianPackages.filter((name) => !installed.has(name));
}

/** @returns its exit code and what it complained about */
function apt(args) {
  const child = spawn('apt-get', ['-y', '-q', '--no-install-recommends', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += chunk));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ status: 1, stderr: String(error) }));
    child.once('close', (status) => resolve({ status, stderr }));
  });
}

/** Services of the packages must not start by themselves: the tests start their own on free ports. */
async function withoutAutostart(work) {
  const ours = !existsSync(policy);
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return await work();
  } finally {
    if (ours) rmSync(policy, { force: true });
  }
}

/** Installs what is missing as far as it may; the tests of what stays missing are skipped by name. @returns a line for the reader, or null */
export async function ensureDebianPackages() {
  if (!existsSync('/usr/bin/dpkg-query')) return 'This is no Debian: tests whose programs are not installed are skipped.';
  const missing = missingPackages();
  if (missing.length === 0) return null;
  if (process.getuid() !== 0)
    return `Not installed, and only root may: ${missing.join(', ')}. Their tests are skipped (sudo apt-get install ${missing.join(' ')}).`;
  const end = showProgress(`Installing Debian packages: ${missing.join(', ')}`);
  const result = await withoutAutostart(async () => {
    const first = await apt(['install', ...missing]);
    if (first.status === 0) return first;
    await apt(['update']);
    return apt(['install', ...missing]);
  });
  end(result.status === 0 ? 'done' : 'failed');
  return result.status === 0 ? null : `apt-get could not install ${missing.join(', ')}:\n${result.stderr.trim().split('\n').slice(-5).join('\n')}`;
}
