import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconShare3 } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { useCan } from '../session.ts';

const ShareDialog = lazy(async () => ({ default: (await import('./ShareDialog.tsx')).ShareDialog }));

export interface SharedObject {
  type: 'flow' | 'connection';
  name: string;
  title: string;
  attributes: Readonly<Record<string, string | null>>;
}

/** For those who may share the object. */
export function ShareButton({ object }: { object: SharedObject }) {
  const canShare = useCan('grant.edit', object.attributes);
  const [opened, dialog] = useDisclosure(false);
  if (!canShare) return null;
  return (
    <>
      <Button variant="default" leftSection={<IconShare3 size={16} aria-hidden />} onClick={dialog.open}>
        Share
      </Button>
      {opened && (
        <Suspense fallback={null}>
          <ShareDialog object={object} onClose={dialog.close} />
        </Suspense>
      )}
    </>
  );
}
