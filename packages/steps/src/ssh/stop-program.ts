// What ends a command on a host with everything it started. Runs there, by the sh of whoever ran it.
import { quoted } from './remote-shell.ts';

/**
 * Ends a process, what it started and its group: asked by TERM, after a while forced by KILL. Processes are known by id and time of start, so that a number given
 * anew meanwhile is left alone. Prints how many it could not end. Reads /proc where there is one, else asks ps.
 */
export function stopProgram(pid: number, { remove }: { remove?: string | undefined } = {}): string {
  const own = '[ -r /proc/self/stat ]';
  const fromProc =
    // biome-ignore lint/suspicious/noTemplateCurlyInString: of the shell
    'for f in /proc/[0-9]*/stat; do read -r s < $f && { set -- ${s##*) }; f=${f#/proc/}; [ $1 != Z ] && echo "${f%/stat} $2 $3 ${20}"; }; done 2>/dev/null';
  const fromPs = 'ps -A -o pid= -o ppid= -o pgid= -o stat= | while read -r a b c d; do case $d in Z*) ;; *) echo "$a $b $c 0";; esac; done';
  const pick = [
    '{ up[$1]=$2; group[$1]=$3; start[$1]=$4 }',
    `END { n=split(was,w," "); for(i=1;i<=n;i++){ split(w[i],x,":"); if(x[1] in up && start[x[1]]==x[2]) take[x[1]]=1 }`,
    `if(${pid} in up) take[${pid}]=1;`,
    `do { more=0; for(p in up) if(!(p in take) && ((up[p] in take) || group[p]==${pid})) { take[p]=1; more=1 } } while(more);`,
    'for(p in take) print p ":" start[p] }',
  ].join(' ');
  return [
    `all() { if ${own}; then ${fromProc}; else ${fromPs}; fi | awk -v was="$*" ${quoted(pick)}; }`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: of the shell
    'ids() { for e in "$@"; do echo "${e%%:*}"; done; }',
    'l=$(all); first=$l; kill -s TERM $(ids $l) 2>/dev/null; i=0',
    'while [ -n "$l" ] && [ $i -lt 15 ]; do sleep 0.1 2>/dev/null || sleep 1; i=$((i+1)); l=$(all $first); done',
    '[ -n "$l" ] && { kill -s KILL $(ids $l) 2>/dev/null; sleep 0.1 2>/dev/null || sleep 1; l=$(all $first); }',
    ...(remove === undefined ? [] : [`rm -f -- ${quoted(remove)}`]),
    'set -- $l; echo "left $#"',
  ].join('\n');
}
