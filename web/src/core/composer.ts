import { IntegrationError } from "../protocol/errors.ts";
import type { Attachment, UserMessageContent } from "../protocol/types.ts";
import type { MessageInput } from "./api.ts";
import { Attachments } from "./attachments.ts";
import { isEmpty } from "./content.ts";
import type { Kernel } from "./kernel.ts";
import { type ComposerState, emptyDraft, isBusy } from "./state.ts";

/** The draft: what is written, quoted, attached and chosen. */
export class Composer {
  readonly attachments: Attachments;
  readonly #kernel: Kernel;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.attachments = new Attachments(kernel);
  }

  /** What the editor holds now; the editor already shows it. */
  edit(content: readonly UserMessageContent[]): void {
    this.#update((composer) => ({ ...composer, draft: { ...composer.draft, content } }));
  }

  /** Another draft from outside: the editor takes it over. */
  write(content: readonly UserMessageContent[]): void {
    this.#update((composer) => ({
      ...composer,
      draft: { ...composer.draft, content },
      revision: composer.revision + 1,
    }));
  }

  quote(text: string | null): void {
    this.#update((composer) => ({
      ...composer,
      draft: { ...composer.draft, quote: text === "" ? null : text },
    }));
  }

  selectTool(toolId: string | null): void {
    const { store, emit, options } = this.#kernel;
    if (toolId !== null && !options().tools.some(({ id }) => id === toolId)) {
      throw new IntegrationError("composer.unknown_tool", `There is no tool "${toolId}" in composer.tools`);
    }
    if (store.now.composer.toolId === toolId) return;
    this.#update((composer) => ({ ...composer, toolId }));
    emit("tool.change", { toolId });
  }

  selectModel(modelId: string): void {
    const model = this.#kernel.options().models.find(({ id }) => id === modelId);
    if (model === undefined || model.disabled) {
      throw new IntegrationError(
        "composer.unknown_model",
        `There is no model "${modelId}" to choose in composer.models`,
      );
    }
    this.#update((composer) => ({ ...composer, modelId }));
  }

  setDictation(dictation: ComposerState["dictation"]): void {
    this.#update((composer) => ({ ...composer, dictation }));
  }

  /** Choices that the new options no longer offer fall back. */
  reconcile(): void {
    const { tools, models } = this.#kernel.options();
    const { toolId, modelId } = this.#kernel.store.now.composer;
    if (toolId !== null && !tools.some(({ id }) => id === toolId)) this.selectTool(null);
    if (models.some(({ id, disabled }) => id === modelId && !disabled)) return;
    const enabled = models.filter(({ disabled }) => !disabled);
    const fallback = (enabled.find((model) => model.default) ?? enabled[0])?.id ?? null;
    if (fallback !== modelId) this.#update((composer) => ({ ...composer, modelId: fallback }));
  }

  /** The draft as a message. */
  message(): MessageInput {
    const { draft, toolId, modelId } = this.#kernel.store.now.composer;
    return {
      content: draft.content,
      quote: draft.quote,
      attachments: this.attachments.uploaded,
      toolChoice: toolId === null ? null : { id: toolId },
      model: modelId,
    };
  }

  canSubmit(): boolean {
    const state = this.#kernel.store.now;
    if (isBusy(state) || state.disabled || state.thread.status.type !== "active") return false;
    return !this.attachments.pending && !isEmpty(this.message());
  }

  /** As after sending: a tool stays only when it is persistent. */
  clear(): void {
    this.#update((composer) => ({ ...composer, draft: emptyDraft, revision: composer.revision + 1 }));
    this.attachments.clear();
    const { toolId } = this.#kernel.store.now.composer;
    const tool = this.#kernel.options().tools.find(({ id }) => id === toolId);
    if (toolId !== null && !tool?.persistent) this.selectTool(null);
  }

  setAttachments(attachments: readonly Attachment[]): void {
    this.attachments.set(attachments);
  }

  #update(change: (composer: ComposerState) => ComposerState): void {
    this.#kernel.store.update((state) => ({ ...state, composer: change(state.composer) }));
  }
}
