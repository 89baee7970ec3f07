// Debian's Ansible on the same hosts: 50 forks, pipelining, its connections kept (ControlPersist) and warm.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Hosts } from './many-sshd.ts';

const program = '/usr/bin/ansible';
export const ansibleMissing = existsSync(program) ? undefined : 'Ansible is not installed (apt-get install ansible-core)';

export async function openAnsible({ ports, user, keyFile, folder }: Hosts): Promise<{ round(): Promise<void> }> {
  const inventory = path.join(folder, 'inventory');
  const config = path.join(folder, 'ansible.cfg');
  await mkdir(path.join(folder, 'cp'));
  const common = `ansible_host=127.0.0.1 ansible_user=${user} ansible_ssh_private_key_file=${keyFile} ansible_python_interpreter=/usr/bin/python3`;
  await writeFile(inventory, ports.map((port) => `host-${port} ansible_port=${port} ${common}\n`).join(''));
  await writeFile(
    config,
    [
      '[defaults]',
      'forks = 50',
      'host_key_checking = False',
      'gathering = explicit',
      '[ssh_connection]',
      'pipelining = True',
      'ssh_args = -o ControlMaster=auto -o ControlPersist=600s -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR',
      `control_path_dir = ${folder}/cp`,
      '',
    ].join('\n'),
  );
  const run = promisify(execFile);
  const round = async () => {
    const { stdout } = await run(program, ['all', '-i', inventory, '-f', '50', '-m', 'command', '-a', 'uptime'], {
      env: { PATH: process.env.PATH, HOME: folder, ANSIBLE_CONFIG: config, LC_ALL: 'C.UTF-8' },
      maxBuffer: 10_000_000,
    });
    const answers = stdout.match(/load average/g)?.length ?? 0;
    if (answers !== ports.length) throw new RangeError(`Ansible got ${answers} answers: ${stdout.slice(0, 1000)}`);
  };
  return { round };
}
