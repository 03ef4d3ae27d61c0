/**
 * The images of a host and the references to them: `docker images`, `docker tag`, what a name or id means.
 *
 * Modelled on moby's image and reference stores and GetImage (daemon/images/image.go). Differs: an image is kept as its
 * manifest; ids of layers on disk are made from the layers' own.
 */

import { ok } from "@/lib/base/result";
import { Random } from "@/lib/sim/core/random";
import type { FileSystem, Kernel } from "@/lib/sim/kernel";
import { type Outcome, refuse } from "../error";
import type { EpochMicros } from "../go/time";
import type { ImageManifest } from "../image";
import { familiar, parseReference, type Reference, withDefaultTag } from "./reference";

export type StoredImage = {
  /** With `sha256:`. */
  readonly id: string;
  readonly manifest: ImageManifest;
  lastTagged: EpochMicros | undefined;
  /** What a container starts from; made when the first one does. */
  files: FileSystem | undefined;
};

/** One layer over those below it. Two images that begin with the same layers share these. */
export type Layer = { readonly chain: string; readonly diffId: string; readonly cacheId: string; readonly size: number };

export class ImageStore {
  readonly #kernel: Kernel;
  readonly #images = new Map<string, StoredImage>();
  /** Normalised references as text → id. */
  readonly #references = new Map<string, { readonly reference: Reference; readonly id: string }>();

  constructor(kernel: Kernel, preloaded: readonly ImageManifest[]) {
    this.#kernel = kernel;
    for (const manifest of preloaded) {
      this.add(manifest);
      for (const tag of manifest.tags) this.tag({ repository: manifest.repository, tag }, idOf(manifest));
      this.addDigest(manifest.repository, manifest.digest, idOf(manifest));
    }
  }

  add(manifest: ImageManifest): StoredImage {
    const id = idOf(manifest);
    const known = this.#images.get(id);
    if (known) return known;
    const image: StoredImage = { id, manifest, lastTagged: undefined, files: undefined };
    this.#images.set(id, image);
    return image;
  }

  /** By name, digest, id, or the beginning of an id. */
  get(term: string): Outcome<StoredImage> {
    const digest = /^(?:sha256:)?([0-9a-f]{64})$/.exec(term)?.[1];
    if (digest !== undefined) {
      const image = this.#images.get(`sha256:${digest}`);
      return image ? ok(image) : refuse("not-found", `No such image: sha256:${digest}`);
    }
    const parsed = parseReference(term);
    if (!parsed.ok) return refuse("invalid", parsed.error);
    const reference = withDefaultTag(parsed.value);
    const named = this.#references.get(keyOf(reference));
    const image = (named && this.#images.get(named.id)) ?? this.#byPrefix(term);
    return image ? ok(image) : refuse("not-found", `No such image: ${familiar(reference)}`);
  }

  byId(id: string): StoredImage | undefined {
    return this.#images.get(id);
  }

  /** Newest first; of the same age, by id. */
  list(): readonly StoredImage[] {
    return [...this.#images.values()].sort((a, b) => b.manifest.created - a.manifest.created || (a.id < b.id ? -1 : 1));
  }

  /** In byte order. */
  referencesTo(id: string): readonly Reference[] {
    return [...this.#references]
      .filter(([, entry]) => entry.id === id)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, entry]) => entry.reference);
  }

  tag(reference: Reference, id: string): void {
    this.#references.set(keyOf(reference), { reference, id });
  }

  addDigest(repository: string, digest: string, id: string): void {
    const reference = { repository, digest: digest.startsWith("sha256:") ? digest : `sha256:${digest}` };
    this.#references.set(keyOf(reference), { reference, id });
  }

  untag(reference: Reference): boolean {
    return this.#references.delete(keyOf(reference));
  }

  delete(id: string): void {
    this.#images.delete(id);
  }

  /** Bottom first. */
  layersOf(image: StoredImage): readonly Layer[] {
    const { layers, size } = image.manifest;
    const total = layers.reduce((sum, layer) => sum + layer.size, 0);
    let chain = "";
    return layers.map((layer) => {
      chain = `${chain}/${layer.id}`;
      const random = new Random(chain);
      const share = layers.length === 1 || total === 0 ? size / layers.length : (size * layer.size) / total;
      return {
        chain: `sha256:${random.hex(64)}`,
        diffId: `sha256:${new Random(`diff ${layer.id}`).hex(64)}`,
        cacheId: random.hex(64),
        size: Math.round(share),
      };
    });
  }

  /** Whether another image stands on the same layer. */
  isLayerUsed(chain: string): boolean {
    return [...this.#images.values()].some((image) => this.layersOf(image).some((layer) => layer.chain === chain));
  }

  /** A container's own copy of the image's files. */
  filesFor(image: StoredImage | undefined): FileSystem {
    if (!image) return this.#initLayer([]).fork();
    image.files ??= this.#initLayer(image.manifest.layers);
    return image.files.fork();
  }

  /** The layers, and over them what the daemon puts into every container (moby: daemon/initlayer). */
  #initLayer(layers: ImageManifest["layers"]): FileSystem {
    const files = this.#kernel.createFileSystem();
    for (const layer of layers) files.add(layer.files);
    for (const path of ["/dev/pts", "/dev/shm", "/proc", "/sys", "/etc"]) {
      if (!files.exists(path)) files.add([{ path, kind: "directory" }]);
    }
    for (const path of ["/.dockerenv", "/etc/resolv.conf", "/etc/hosts", "/etc/hostname", "/dev/console"]) {
      if (!files.exists(path)) files.add([{ path, kind: "file", text: "", mode: 0o755 }]);
    }
    if (!files.exists("/etc/mtab")) files.add([{ path: "/etc/mtab", kind: "symlink", target: "/proc/mounts" }]);
    return files;
  }

  #byPrefix(prefix: string): StoredImage | undefined {
    const bare = prefix.replace(/^sha256:/, "");
    if (!/^[0-9a-f]+$/.test(bare)) return undefined;
    const found = [...this.#images.values()].filter(({ manifest }) => manifest.id.startsWith(bare));
    return found.length === 1 ? found[0] : undefined;
  }
}

export function idOf(manifest: ImageManifest): string {
  return `sha256:${manifest.id}`;
}

function keyOf({ repository, tag, digest }: Reference): string {
  return digest === undefined ? `${repository}:${tag ?? "latest"}` : `${repository}@${digest}`;
}
