// Names as the present language has them.
import type { Bilingual } from '$lib/core/types/Bilingual';
import type { Person } from '$lib/core/types/Person';
import type { SiteView } from '$lib/core/types/SiteView';
import { locale, m } from '$lib/i18n.svelte';

export const said = (it: Bilingual): string => (locale() === 'zh' ? it.zh : it.en);
/** Of whatever has a code and names. */
export const nameOf = (it: { code: string; zh: string; en: string }): string => (locale() === 'zh' ? it.zh : it.en) || it.code;
export const personName = (it: Person): string => nameOf(it);
/** Names in a row. */
export const inRow = (names: string[]): string => names.join(locale() === 'zh' ? '、' : ', ');
export const siteName = (it: SiteView): string => nameOf(it);

const districts: Record<string, () => string> = {
  南山区: m.site_district_nanshan, 福田区: m.site_district_futian, 罗湖区: m.site_district_luohu, 盐田区: m.site_district_yantian, 宝安区: m.site_district_baoan,
  龙岗区: m.site_district_longgang, 龙华区: m.site_district_longhua, 坪山区: m.site_district_pingshan, 光明区: m.site_district_guangming,
  大鹏新区: m.site_district_dapeng, 深汕特别合作区: m.site_district_shenshan,
};
/** Registers have a district by its Chinese name; one that is not known here is shown as it stands. */
export const districtName = (zh: string): string => districts[zh]?.() ?? zh;

/** Where a site is: what it is part of, its district, its code. */
export function sitePlace(it: SiteView): string {
  const parent = it.parent_name?.[locale() === 'zh' ? 0 : 1];
  return [parent, districtName(it.district ?? ''), it.code].filter(Boolean).join(' · ');
}

const visits: Record<string, () => string> = {
  surprise: m.site_visit_surprise,
  mobile: m.site_visit_mobile,
  on_site: m.site_visit_on_site,
  spot: m.site_visit_spot,
  survey: m.site_visit_survey,
  look_back: m.site_visit_look_back,
};
export const visitName = (code: string): string => visits[code]?.() ?? code;

const severities: Record<string, () => string> = {
  minor: m.check_minor,
  major: m.check_major,
  critical: m.check_critical,
};
export const severityName = (code: string): string => severities[code]?.() ?? code;

const units: Record<string, () => string> = {
  persons: m.check_unit_persons,
  'persons/lane/min': m.check_unit_persons_lane_min,
  gaps: m.check_unit_gaps,
  findings: m.check_unit_findings,
  excursions: m.check_unit_excursions,
  times: m.check_unit_times,
  d: m.check_unit_d,
  min: m.check_unit_min,
};
/** A unit of counting in words; one of measuring has no language. */
export const unitName = (unit: string): string => units[unit]?.() ?? unit;

const repeats: Record<string, () => string> = {
  gate: m.check_gate,
  stop: m.check_stop,
  lot: m.check_lot,
  vehicle: m.check_vehicle,
  room: m.check_room,
  common: m.check_common,
  place: m.check_place,
};
export const partName = (key: string): string => repeats[key]?.() ?? key;
