// Photos just taken, and not yet attached to anything: the last one can still be taken again. Each
// is durable before it is shown, and so is the list: after a kill it is all there.
import { core } from '$lib/core';
import type { Shot as Facts } from '$lib/core/types/Shot';
import { accepted, refused } from '$lib/feel';
import { m } from '$lib/i18n.svelte';
import { last } from '$lib/last';
import { whereabouts } from '$lib/whereabouts';
import { proveReadable } from './picture';
import { mayRetry, photoTrouble } from './trouble';

export type From = 'camera' | 'gallery' | 'copy';

export interface Shot {
  sha256: string;
  from: From;
}

interface Unsaved {
  photo: Blob;
  from: From;
}

export class Shots {
  list = $state.raw<Shot[]>([]);
  busy = $state(false);
  trouble = $state('');
  /** Not kept, and not thrown away: the camera has no second copy of them. */
  unsaved = $state.raw<Unsaved[]>([]);
  removed = $state.raw<Shot | null>(null);
  readonly photos = $derived(this.list.map((it) => it.sha256));
  readonly latest = $derived(last(this.list));
  readonly taken = $derived(this.list.filter((it) => it.from === 'camera').length);
  readonly imported = $derived(this.list.filter((it) => it.from === 'gallery').length);
  /** A word on those that are not simply taken here. */
  readonly badges = $derived(Object.fromEntries(this.list.flatMap(({ sha256, from }) => (from === 'camera' ? [] : [[sha256, from === 'copy' ? m.photo_marked() : m.photo_from_gallery()]]))));
  #restored: Promise<void> | null = null;
  #pending: readonly string[] = [];

  constructor(private readonly name: string) {}

  /** `photos` for one who is going away: what is reactive shows itself there as it was before. */
  get pending(): readonly string[] {
    return this.#pending;
  }

  /** What a kill left here. */
  restore(): Promise<void> {
    return (this.#restored ??= core.call({ call: 'recall', key: `shots.${this.name}` }).then((kept) => {
      if (kept !== null) this.#show(JSON.parse(kept) as Shot[]);
    }));
  }

  /** Keeps photos one by one; the latest takes the place of `instead`. */
  async take(photos: Blob[], from: From, instead: Shot | null = null): Promise<void> {
    await this.#keep(photos.map((photo) => ({ photo, from })), instead);
  }

  async retry(): Promise<void> {
    const again = this.unsaved;
    this.unsaved = [];
    await this.#keep(again, null);
  }

  async removeLast(): Promise<void> {
    const gone = this.latest ?? null;
    if (await this.#change(this.list.slice(0, -1))) this.removed = gone;
  }

  async putBack(): Promise<void> {
    if (this.removed !== null && (await this.#change([...this.list, this.removed]))) this.removed = null;
  }

  /** A marked copy goes beside its original. */
  async addCopy(copy: string, original: string): Promise<void> {
    if (this.photos.includes(copy)) return;
    const at = this.photos.indexOf(original) + 1 || this.list.length;
    await this.#set([...this.list.slice(0, at), { sha256: copy, from: 'copy' }, ...this.list.slice(at)]);
  }

  /** Others instead of these: all away, or what was taken away again. */
  async putDown(list: readonly Shot[]): Promise<void> {
    this.removed = null;
    await this.#set([...list]);
  }

  /** These belong to a record now. */
  async settle(photos: readonly string[]): Promise<void> {
    this.removed = null;
    await this.#set(this.list.filter((it) => !photos.includes(it.sha256)));
  }

  async #keep(files: Unsaved[], instead: Shot | null): Promise<void> {
    this.busy = true;
    this.trouble = '';
    this.removed = null;
    for (const file of files) await this.#one(file, instead);
    this.busy = false;
    if (this.trouble === '') accepted();
    else refused();
  }

  async #one(file: Unsaved, instead: Shot | null): Promise<void> {
    try {
      await this.restore();
      await proveReadable(file.photo);
      const { sha256 } = await core.keepPhoto(file.photo);
      await this.#tell(sha256, file.from);
      const others = this.list.filter((it) => it.sha256 !== sha256 && it.sha256 !== instead?.sha256);
      await this.#set([...others, { sha256, from: file.from }]);
    } catch (thrown) {
      this.trouble = photoTrouble(thrown);
      if (mayRetry(thrown)) this.unsaved = [...this.unsaved, file];
    }
  }

  /** How it came to be, into the op that will name it. The place follows when the device knows it. */
  async #tell(sha256: string, from: From): Promise<void> {
    if (from === 'gallery') {
      await core.call({ call: 'photo_taken', sha256, shot: { origin: 'imported' } });
      return;
    }
    const shot: Facts = { origin: 'captured', taken_at: new Date().toISOString() };
    await core.call({ call: 'photo_taken', sha256, shot });
    // Never waited for. Where it comes too late or not at all, the photo has no place of its own.
    void whereabouts().then(async (position) => {
      if (position !== null && this.#pending.includes(sha256)) await core.call({ call: 'photo_taken', sha256, shot: { ...shot, position } });
    }).catch(() => {});
  }

  async #change(list: Shot[]): Promise<boolean> {
    this.trouble = '';
    try {
      await this.#set(list);
      return true;
    } catch (thrown) {
      this.trouble = photoTrouble(thrown);
      return false;
    }
  }

  /** Remembered before it is shown. */
  async #set(list: Shot[]): Promise<void> {
    const value = list.length > 0 ? JSON.stringify(list) : '';
    await core.call({ call: 'remember', key: `shots.${this.name}`, value });
    this.#show(list);
  }

  #show(list: Shot[]): void {
    this.list = list;
    this.#pending = list.map((it) => it.sha256);
  }
}
