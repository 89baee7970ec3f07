/** A flow that takes most ways there are: branches, items, a group, repetition, undo, what fails and what runs at the end. */
export const branchesFlow = `flow: branches
title: Desks by size
overlap: { policy: skip }
parameters:
  desks: { type: integer, default: 12 }
outputs:
  prices: { value: steps.price.value.total, type: integer }
steps:
  list: { use: flow.value, title: Desks, with: { value: '["ae", "be", "ce", "de", "ee", "fe", "ge", "he", "ie", "je", "ke", "le"]' } }
  size:
    use: flow.switch
    after: list
    with: { cases: { many: desks > 10, few: desks > 0 }, otherwise: none }
  price:
    use: flow.if
    after: size.many
    each: { over: steps.list.value, concurrency: 4, mayFail: 2 }
    with: { condition: "item != 'ce' && (item != 'de' || 1 / 0 == 1)" }
  one: { use: flow.value, after: size.few, with: { value: '1' } }
  desk:
    use: flow.steps
    after: price
    each: { over: 'steps.list.value.filter(d, d < "ce")' }
    steps:
      load: { use: flow.value, with: { value: item }, undo: { use: flow.value, with: { value: "'undone'" } } }
      count: { use: flow.value, after: load, repeat: { until: last >= 2 }, with: { value: iteration + 1 } }
      sum: { use: flow.value, after: count, with: { value: steps.load.value + string(steps.count.value.last) } }
  mend: { use: flow.value, after: price, on: failure, with: { value: "'mended'" } }
  meet: { use: flow.value, after: [desk, one], join: taken, mayFail: true, with: { value: size(steps.list.value) } }
  alarm: { use: flow.value, on: failure, with: { value: "'alarm'" } }
  clean: { use: flow.value, on: always, with: { value: "'clean'" } }
`;
