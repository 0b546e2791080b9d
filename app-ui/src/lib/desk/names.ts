// Codes of the desk as people read them. What this version does not know is shown as it stands.
import type { CellState } from '$lib/core/types/CellState';
import type { Column } from '$lib/core/types/Column';
import type { CoverageBy } from '$lib/core/types/CoverageBy';
import type { CoverageGroup } from '$lib/core/types/CoverageGroup';
import type { DeskSite } from '$lib/core/types/DeskSite';
import { locale, m } from '$lib/i18n.svelte';
import { districtName, said } from '$lib/names';

export const deskSiteName = (it: DeskSite): string => (locale() === 'zh' ? it.zh : it.en) || it.zh || it.code;
export const columnName = (it: Column | undefined, code = ''): string => (it?.title ? said(it.title) : (it?.code ?? code));

const states: Record<CellState, () => string> = {
  done: m.desk_state_done,
  in_progress: m.desk_state_in_progress,
  late: m.desk_state_late,
  voided: m.desk_state_voided,
};
export const stateName = (state: CellState): string => states[state]();

const kinds: Record<string, () => string> = {
  unknown: m.desk_kind_unknown, vehicle: m.desk_kind_vehicle, route_stop: m.desk_kind_route_stop, guard_post: m.desk_kind_guard_post,
  canteen: m.desk_kind_canteen, fleet: m.desk_kind_fleet, dormitory: m.desk_kind_dormitory, bus_route: m.desk_kind_bus_route,
  bus_stop: m.desk_kind_bus_stop, key_station: m.desk_kind_key_station, gate: m.desk_kind_gate, depot: m.desk_kind_depot,
  workshop: m.desk_kind_workshop, street_market: m.desk_kind_street_market, cold_room: m.desk_kind_cold_room, bus_company: m.desk_kind_bus_company,
  building: m.desk_kind_building, port_zone: m.desk_kind_port_zone, position: m.desk_kind_position, wholesale_market: m.desk_kind_wholesale_market,
  market: m.desk_kind_market, cold_store: m.desk_kind_cold_store, metro_station: m.desk_kind_metro_station, community: m.desk_kind_community,
  works_project: m.desk_kind_works_project, quarantine_point: m.desk_kind_quarantine_point, port: m.desk_kind_port, office: m.desk_kind_office,
  mall: m.desk_kind_mall, area: m.desk_kind_area, airport: m.desk_kind_airport, other: m.desk_kind_other,
};
/** Empty where the register does not say. */
export const kindName = (kind: string): string => (kind ? (kinds[kind]?.() ?? kind) : m.desk_unsaid());

const roles: Record<string, () => string> = {
  inspector: m.desk_role_inspector, lead: m.desk_role_lead, reviewer: m.desk_role_reviewer, auditor: m.desk_role_auditor, administrator: m.desk_role_administrator, unit: m.desk_role_unit,
  organisation: m.desk_role_organisation,
};
export const roleName = (role: string): string => roles[role]?.() ?? role;

/** What kind of site, where, and its code. */
export const deskSitePlace = (it: DeskSite): string => [kindName(it.kind), districtName(it.district ?? ''), it.code].filter(Boolean).join(' · ');

/** A group of the register: by its own name, by ours for its kind, or as it is called. */
export function groupName(it: CoverageGroup, by: CoverageBy): string {
  const own = locale() === 'zh' ? it.zh : it.en;
  if (own) return own;
  return by === 'kind' ? kindName(it.key) : districtName(it.key) || m.desk_unsaid();
}
