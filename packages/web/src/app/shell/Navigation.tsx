import { IconApi, IconExternalLink } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { approvalCountQuery } from '../../shared/approval-count.ts';
import { deadLetterCountQuery } from '../../shared/dead-letter-count.ts';
import { meQuery } from '../../shared/session.ts';
import classes from './AppFrame.module.css';
import { navigation } from './navigation.ts';

/** Where the server shows the reference of its API. */
const referenceAddress = '/api/reference';

export function Navigation() {
  const allowed = useQuery(meQuery).data?.permissions ?? [];
  return (
    <nav aria-label="Main" style={{ display: 'flex', flexDirection: 'column', flex: 1 }}>
      {navigation.map((group) => {
        const entries = group.entries.filter((entry) => !entry.permission || allowed.includes(entry.permission));
        if (entries.length === 0) return null;
        return (
          <div key={group.title ?? 'top'}>
            {group.title && <div className={classes['group']}>{group.title}</div>}
            {entries.map(({ to, label, icon: Icon }) => (
              <Link key={to} to={to} className={classes['link']} activeOptions={{ exact: to === '/', includeSearch: false }}>
                <Icon size={18} stroke={1.7} aria-hidden />
                {label}
                {to === '/approvals' && <ApprovalCount />}
                {to === '/operate/dead-letters' && <DeadLetterCount />}
              </Link>
            ))}
          </div>
        );
      })}
      <div className={classes['foot']}>
        <a className={classes['link']} href={referenceAddress} target="_blank" rel="noreferrer">
          <IconApi size={18} stroke={1.7} aria-hidden />
          API reference
          <IconExternalLink size={14} aria-label="opens in a new tab" style={{ marginLeft: 'auto' }} />
        </a>
      </div>
    </nav>
  );
}

function ApprovalCount() {
  return <Count count={useQuery(approvalCountQuery).data} what="waiting for you" />;
}

function DeadLetterCount() {
  return <Count count={useQuery(deadLetterCountQuery).data} what="open" />;
}

/** How many there are to see to; nothing where there are none. */
function Count({ count = 0, what }: { count: number | undefined; what: string }) {
  if (count === 0) return null;
  const shown = count > 99 ? '99+' : String(count);
  return (
    <span className={classes['count']}>
      {shown}
      <span className="tw-hidden"> {what}</span>
    </span>
  );
}
