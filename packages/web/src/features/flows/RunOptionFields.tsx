import { Accordion, Group, NumberInput, Select, Stack, Switch, Text, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { listFiles } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';
import type { RunOptions, TestInput } from './run-options.ts';

interface Fields {
  options: RunOptions;
  /** The steps whose data may be replaced: those that read. */
  sources: { id: string; use: string }[];
  onChange: (options: RunOptions) => void;
}

/** Everything beside the parameters: a dry run, test data, priority and deadline. Closed unless wanted. */
export function RunOptionFields({ options, sources, onChange }: Fields) {
  const change = (part: Partial<RunOptions>) => onChange({ ...options, ...part });
  return (
    <Stack gap="sm" mt="sm">
      <Switch
        label="Dry run"
        description="Nothing outside is changed: no delivery, no file in a folder. It says what it would do."
        checked={options.isDry}
        onChange={(event) => change({ isDry: event.currentTarget.checked })}
      />
      <Accordion multiple variant="contained" chevronPosition="left">
        {sources.length > 0 && (
          <Accordion.Item value="data">
            <Accordion.Control>Test data</Accordion.Control>
            <Accordion.Panel>
              <TestData options={options} sources={sources} onChange={onChange} />
            </Accordion.Panel>
          </Accordion.Item>
        )}
        <Accordion.Item value="more">
          <Accordion.Control>Priority and deadline</Accordion.Control>
          <Accordion.Panel>
            <Group grow align="flex-start">
              <NumberInput
                label="Priority"
                description="Higher goes first"
                min={-100}
                max={100}
                placeholder="0"
                value={options.priority ?? ''}
                onChange={(value) => change({ priority: typeof value === 'number' ? value : null })}
              />
              <TextInput
                label="Deadline"
                description="Cancelled after that time"
                placeholder="30m"
                value={options.deadline}
                onChange={(event) => change({ deadline: event.currentTarget.value })}
              />
            </Group>
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </Stack>
  );
}

function TestData({ options, sources, onChange }: Fields) {
  const files = useQuery({ queryKey: ['files', 'names'], queryFn: () => api.call(listFiles, { query: { limit: 200 } }) });
  const slugs = files.data?.items.map(({ slug }) => slug) ?? [];
  const inputOf = (step: string): TestInput => options.inputs.find((input) => input.step === step) ?? { step, text: '', file: null };
  const put = (changed: TestInput) => {
    const isFirst = options.inputs.every(({ text, file }) => text === '' && file === null);
    // Test data is for trying out: the first of it switches to a dry run, which can be switched back.
    onChange({
      ...options,
      isDry: options.isDry || isFirst,
      inputs: [...options.inputs.filter((input) => input.step !== changed.step), changed],
    });
  };
  return (
    <Stack gap="sm">
      <Text size="xs" c="dimmed">
        These steps do not run: what you give stands for what they would have read.
      </Text>
      {sources.map(({ id, use }) => {
        const input = inputOf(id);
        return (
          <div key={id}>
            <Textarea
              label={id}
              description={`${use}: CSV with a header line, or JSON rows`}
              autosize
              minRows={2}
              maxRows={8}
              value={input.text}
              disabled={input.file !== null}
              onChange={(event) => put({ ...input, text: event.currentTarget.value })}
              styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
            />
            <Select
              aria-label={`Uploaded file for ${id}`}
              placeholder="or an uploaded file"
              data={slugs}
              value={input.file}
              onChange={(file) => put({ ...input, file })}
              clearable
              searchable
              size="xs"
              mt={4}
            />
          </div>
        );
      })}
    </Stack>
  );
}
