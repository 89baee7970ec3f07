import { IconBell } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { unreadQuery } from '../../shared/inbox-count.ts';
import { live } from '../../shared/live.ts';
import { useCan } from '../../shared/session.ts';
import classes from './Bell.module.css';

/** What I have not read, counted live, and the way to it. */
export function Bell() {
  const queries = useQueryClient();
  const unread = useQuery(unreadQuery).data ?? 0;
  const mayFollow = useCan('run.read');
  useEffect(() => {
    if (!mayFollow) return;
    return live().followInbox({
      onUnread(count) {
        queries.setQueryData(unreadQuery.queryKey, count);
        void queries.invalidateQueries({ queryKey: ['inbox', 'list'] });
      },
    });
  }, [mayFollow, queries]);
  const shown = unread > 99 ? '99+' : String(unread);
  return (
    <Link to="/notifications" search={{}} className={classes['bell']} aria-label={unread === 0 ? 'Notifications' : `Notifications, ${shown} not read`}>
      <IconBell size={18} aria-hidden />
      {unread > 0 && (
        <span className={classes['count']} aria-hidden>
          {shown}
        </span>
      )}
    </Link>
  );
}
