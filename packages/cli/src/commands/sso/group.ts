import { group } from '../../command.ts';
import { ssoAdd } from './add.ts';
import { ssoCheck } from './check.ts';
import { ssoDryRun } from './dry-run.ts';
import { ssoLinks } from './links.ts';
import { ssoList } from './list.ts';
import { ssoRemove } from './remove.ts';
import { ssoRules } from './rules.ts';
import { ssoSet } from './set.ts';
import { ssoShow } from './show.ts';
import { ssoUnlink } from './unlink.ts';

export function sso() {
  const commands = group('sso', { summary: 'Sign-in through OpenID Connect providers, and the roles that their groups give' });
  const children = [ssoList(), ssoShow(), ssoAdd(), ssoSet(), ssoCheck(), ssoRules(), ssoDryRun(), ssoLinks(), ssoUnlink(), ssoRemove()];
  for (const child of children) commands.addCommand(child);
  return commands;
}
