import { Checkbox, Group, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { CalendarRule } from '@tidewheel/contract/calendar';
import { builtInQuery, countriesQuery, namesQuery } from './calendars.queries.ts';

type OfCountry = Extract<CalendarRule, { kind: 'country' | 'countryWeekend' }>;

export function CountryFields({ rule, onChange }: { rule: OfCountry; onChange: (rule: OfCountry) => void }) {
  const countries = useQuery(countriesQuery).data ?? [];
  const chosen = countries.find(({ country }) => country === rule.country);
  const choices = countries.map(({ country, title }) => ({ value: country, label: `${title} (${country})` }));
  const country = (
    <Select
      label="Country"
      searchable
      allowDeselect={false}
      w={260}
      limit={250}
      data={choices.length > 0 ? choices : [rule.country]}
      value={rule.country}
      onChange={(value) => value && onChange(rule.kind === 'country' ? { kind: 'country', country: value, bank: rule.bank } : { ...rule, country: value })}
      {...(rule.kind === 'countryWeekend' && chosen ? { description: `Off on ${chosen.weekend.join(' and ')}` } : {})}
    />
  );
  if (rule.kind === 'countryWeekend') return country;
  const regions = chosen?.regions ?? [];
  return (
    <Group gap="sm" align="end">
      {country}
      {regions.length > 0 && (
        <Select
          label="Region"
          searchable
          clearable
          w={220}
          placeholder="The whole country"
          data={regions.map(({ region, title }) => ({ value: region, label: title }))}
          value={rule.region ?? null}
          onChange={(region) => onChange({ ...rule, region: region ?? undefined })}
        />
      )}
      <Checkbox
        mb={8}
        label="Also when only banks are closed"
        checked={rule.bank ?? false}
        onChange={(event) => onChange({ ...rule, bank: event.currentTarget.checked })}
      />
    </Group>
  );
}

/** Built-in ones and one's own, without the one that is edited. */
export function CalendarChoice({ value, onChange }: { value: string; onChange: (name: string) => void }) {
  const { slug: edited } = useParams({ strict: false });
  const builtIn = useQuery(builtInQuery).data ?? [];
  const own = (useQuery(namesQuery).data ?? []).filter(({ slug }) => slug !== edited);
  const item = ({ slug, title }: { slug: string; title: string }) => ({ value: slug, label: `${title} (${slug})` });
  const known = [...builtIn, ...own].some(({ slug }) => slug === value);
  const data = [
    { group: 'Built in', items: builtIn.map(item) },
    { group: 'Of this workspace', items: [...own.map(item), ...(known ? [] : [{ value, label: value }])] },
  ].filter(({ items }) => items.length > 0);
  return <Select label="Calendar" searchable allowDeselect={false} maw={400} data={data} value={value} onChange={(name) => name && onChange(name)} />;
}
