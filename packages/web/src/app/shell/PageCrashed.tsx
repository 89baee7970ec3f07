import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';

/** Shown when a page could not be loaded or broke while it was drawn. */
export function PageCrashed({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return (
    <div style={{ padding: 24, maxWidth: 720, margin: '0 auto' }}>
      <ErrorNotice title="This page cannot be shown" error={error instanceof Error ? error : new Error(String(error))} onRetry={retry} />
    </div>
  );
}
