import { group } from '../../command.ts';
import { serviceAccountCreate } from './create.ts';
import { keyCreate } from './key-create.ts';
import { keyList, keyRevoke, keyRotate } from './keys.ts';
import { serviceAccountList } from './list.ts';
import { serviceAccountDelete, serviceAccountRestore, serviceAccountSuspend } from './suspend.ts';
import { serviceAccountUpdate } from './update.ts';

export function serviceAccount() {
  return group('service-account', { summary: 'Manage accounts of programs and their keys' })
    .addCommand(serviceAccountList())
    .addCommand(serviceAccountCreate())
    .addCommand(serviceAccountUpdate())
    .addCommand(serviceAccountSuspend())
    .addCommand(serviceAccountRestore())
    .addCommand(serviceAccountDelete())
    .addCommand(keyList())
    .addCommand(keyCreate())
    .addCommand(keyRotate())
    .addCommand(keyRevoke());
}
