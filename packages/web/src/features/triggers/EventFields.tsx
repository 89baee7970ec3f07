import { Text, Title } from '@mantine/core';
import type { TriggerKindInfo } from '@tidewheel/contract/trigger';

type Schema = Record<string, unknown>;

/** What expressions see of an event of this kind. */
export function EventFields({ kind }: { kind: TriggerKindInfo }) {
  return (
    <section className="tw-card" style={{ padding: '16px 20px' }}>
      <Title order={2} size="h3">
        What expressions see
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        In the parameters and the condition.
      </Text>
      {pathsOf('event', kind.event).map(({ path, text }) => (
        <div key={path} style={{ marginBottom: 6 }}>
          <code className="tw-mono">{path}</code>
          {text !== '' && (
            <Text size="xs" c="dimmed">
              {text}
            </Text>
          )}
        </div>
      ))}
    </section>
  );
}

function pathsOf(before: string, schema: Schema): { path: string; text: string }[] {
  return Object.entries((schema['properties'] ?? {}) as Record<string, Schema>).flatMap(([name, field]) => {
    const path = `${before}.${name}`;
    const own = { path, text: String(field['description'] ?? '') };
    return field['properties'] ? [...(own.text === '' ? [] : [own]), ...pathsOf(path, field)] : [own];
  });
}
