import { Button, Group } from '@mantine/core';
import type { NotificationMessage } from '@tidewheel/contract/notify';
import type { ReactNode } from 'react';
import { CopyText } from '../../shared/CopyText.tsx';
import { PairList } from '../../shared/PairList.tsx';
import { SideDrawer } from '../../shared/SideDrawer.tsx';
import { Time } from '../../shared/Time.tsx';
import { AboutLink } from './AboutLink.tsx';
import { MessageState } from './MessageState.tsx';

interface MessageDrawerProps {
  message: NotificationMessage;
  /** Null: there is nothing to send again. */
  resend: (() => void) | null;
  onClose: () => void;
}

/** All that is known of one message: why, to whom, how often it was tried, and what the far side said. */
export function MessageDrawer({ message, resend, onClose }: MessageDrawerProps) {
  const { flow, kind, severity, rule, channel, to, reason, attempts, dueAt, sentAt, answer, error, more, createdAt, id, event, partOf } = message;
  const known: [string, ReactNode][] = [
    ['About', flow && about(flow)],
    ['Event', `${kind}, ${severity}`],
    ['By the rule', rule],
    ['Channel', channel],
    ['To', to],
    ['Made', <Time key="made" at={createdAt} />],
    ['Why', reason],
    ['Folded into it', more > 0 ? more : null],
    ['Attempts', attempts],
    ['Due', dueAt && <Time key="due" at={dueAt} />],
    ['Sent', sentAt && <Time key="sent" at={sentAt} />],
    ['What the far side said', answer],
    ['What went wrong', error],
    ['Id of the message', <CopyText key="id" value={id} label="the id of the message" />],
    ['Id of the event', event && <CopyText key="event" value={event} label="the id of the event" />],
    ['Part of the message', partOf && <CopyText key="part" value={partOf} label="the id of the other message" />],
  ];
  return (
    <SideDrawer title={message.title} onClose={onClose}>
      <Group gap="xs" mb="sm">
        <MessageState state={message.state} />
        {resend && (
          <Button size="compact-xs" variant="default" onClick={resend}>
            Send again
          </Button>
        )}
      </Group>
      <PairList pairs={known.filter(([, value]) => value !== null && value !== '')} />
    </SideDrawer>
  );
}

function about(flow: string): ReactNode {
  return (
    <AboutLink object={null} flow={flow}>
      {flow}
    </AboutLink>
  );
}
