/** The file at a path. */
export interface PathIdentity {
  device: bigint;
  inode: bigint;
  isSocket: boolean;
}

/** Names of files. Results below 0 are −errno. */
export interface Files {
  /** The file at a path; null if there is none. `followLinks`: the target of a symbolic link, else the link itself. */
  identify(path: string, followLinks: boolean): PathIdentity | null;
  /** Another name for a file (`link`), which must be free; 0 or −errno. */
  link(path: string, name: string): number;
  /** 0 or −errno. */
  rename(path: string, name: string): number;
  /** Removes a name; 0 or −errno. */
  unlink(path: string): number;
  /** The names in a folder; empty for a folder that cannot be read. */
  list(folder: string): string[];
}
