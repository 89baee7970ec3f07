import { Autocomplete, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Security } from '@tidewheel/contract/routes/color-search';
import { useEffect, useState } from 'react';
import { suggestedQuery } from './search.queries.ts';

/** The text of the search, with the bonds that it may mean. Enter looks for the text; a bond that is chosen opens. */
export function SecurityBox({ text, onText, onSecurity }: { text: string; onText: (text: string | undefined) => void; onSecurity: (name: string) => void }) {
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);
  const [settled] = useDebouncedValue(typed, 150);
  const found = useQuery(suggestedQuery(settled)).data ?? [];
  const byName = new Map(found.map((one) => [one.security, one]));
  return (
    <Autocomplete
      w={{ base: '100%', sm: 420 }}
      leftSection={<IconSearch size={16} aria-hidden />}
      aria-label="CUSIP, ISIN, ticker or issuer"
      placeholder="CUSIP, ISIN, ticker or issuer"
      maxLength={100}
      value={typed}
      onChange={setTyped}
      data={typed === '' ? [] : [...byName.keys()]}
      filter={({ options }) => options}
      onOptionSubmit={onSecurity}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.currentTarget.getAttribute('aria-activedescendant') === null) onText(typed.trim() || undefined);
      }}
      onBlur={() => {
        if (typed.trim() !== text && !byName.has(typed)) onText(typed.trim() || undefined);
      }}
      renderOption={({ option }) => <Suggested security={byName.get(option.value)} name={option.value} />}
      comboboxProps={{ withinPortal: true }}
    />
  );
}

function Suggested({ security, name }: { security: Security | undefined; name: string }) {
  return (
    <div>
      <Text size="sm" fw={600}>
        {name}
      </Text>
      <Text size="xs">{security && [security.ticker, security.issuer, security.coupon, security.maturity].filter((part) => part !== null).join(' · ')}</Text>
    </div>
  );
}
