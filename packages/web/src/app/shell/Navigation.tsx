import { IconApi, IconExternalLink } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
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
