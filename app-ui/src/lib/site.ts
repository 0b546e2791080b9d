// Kinds of sites that a person chooses among, where no register says.
import { m } from './i18n.svelte';

export const siteKinds = () => [
  { value: 'wholesale_market', label: m.site_kind_market() },
  { value: 'cold_store', label: m.site_kind_cold_store() },
  { value: 'bus_stop', label: m.site_kind_stop() },
  { value: 'other', label: m.site_kind_other() },
];
