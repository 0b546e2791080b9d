// A logger's file on its way to be an answer: which one, and what was answered about it, kept on the
// device with every step.
import { core } from '$lib/core';
import type { LoggerAnswers } from '$lib/core/types/LoggerAnswers';

interface Kept {
  sha256: string;
  name: string;
  steps: LoggerAnswers[];
}

export class LoggerDraft {
  file = $state.raw<{ sha256: string; name: string } | null>(null);
  /** One question's answer each, so that each can be taken back. */
  steps = $state.raw<LoggerAnswers[]>([]);
  readonly answers = $derived<LoggerAnswers>(Object.assign({}, ...this.steps));

  constructor(private readonly key: string) {}

  /** What a kill left here. */
  async restore(): Promise<void> {
    const kept = await core.call({ call: 'recall', key: this.key });
    if (kept === null) return;
    const { sha256, name, steps } = JSON.parse(kept) as Kept;
    [this.file, this.steps] = [{ sha256, name }, steps];
  }

  /** The file's bytes are on the device when this returns. */
  async begin(chosen: File): Promise<void> {
    const { sha256 } = await core.keepPhoto(chosen);
    await this.keep({ sha256, name: chosen.name, steps: [] });
  }

  answer(answers: LoggerAnswers): Promise<void> {
    return this.step([...this.steps, answers]);
  }

  back(): Promise<void> {
    return this.step(this.steps.slice(0, -1));
  }

  async forget(): Promise<void> {
    await core.call({ call: 'remember', key: this.key, value: '' });
    [this.file, this.steps] = [null, []];
  }

  private async step(steps: LoggerAnswers[]): Promise<void> {
    if (this.file !== null) await this.keep({ ...this.file, steps });
  }

  private async keep(kept: Kept): Promise<void> {
    await core.call({ call: 'remember', key: this.key, value: JSON.stringify(kept) });
    [this.file, this.steps] = [{ sha256: kept.sha256, name: kept.name }, kept.steps];
  }
}
