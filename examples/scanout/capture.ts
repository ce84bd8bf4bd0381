/**
 * The framebuffer that a display controller scans out, as a dma-buf: available to root, and to the program that shows
 * it.
 */
import koffi from 'koffi';

const ioctl = koffi.load('libc.so.6').func('int ioctl(int fd, unsigned long request, void *argument)');

const getResources = 0xc04064a0; // DRM_IOCTL_MODE_GETRESOURCES
const getCrtc = 0xc06864a1; // DRM_IOCTL_MODE_GETCRTC
const getFramebuffer = 0xc06864ce; // DRM_IOCTL_MODE_GETFB2
const handleToFd = 0xc00c642d; // DRM_IOCTL_PRIME_HANDLE_TO_FD
const readWriteCloseOnExec = 0o2000002; // DRM_RDWR | DRM_CLOEXEC
const mostCrtcs = 32;

function ask(device: number, request: number, argument: DataView): void {
  if (ioctl(device, request, new Uint8Array(argument.buffer)) === 0) return;
  const errno = Object.entries(koffi.os.errno).find(([, value]) => value === koffi.errno())?.[0];
  throw new Error(`the device does not tell what it shows: ${errno}`);
}

const struct = (bytes: number): DataView => new DataView(new ArrayBuffer(bytes));

/** Ids of the visible framebuffers. */
function framebuffers(device: number): number[] {
  const list = new Uint32Array(mostCrtcs);
  const resources = struct(64); // struct drm_mode_card_res
  resources.setBigUint64(8, BigInt(koffi.address(list)), true);
  resources.setUint32(36, mostCrtcs, true);
  ask(device, getResources, resources);
  return [...list.slice(0, resources.getUint32(36, true))].flatMap((id) => {
    const crtc = struct(104); // struct drm_mode_crtc
    crtc.setUint32(12, id, true);
    ask(device, getCrtc, crtc);
    return crtc.getUint32(16, true) || [];
  });
}

export interface Shown {
  /** The caller closes it. */
  fd: number;
  fourcc: number;
  width: number;
  height: number;
  pitch: number;
}

/** The first plane of the first picture shown. @param device fd of the card */
export function capture(device: number): Shown {
  const [shown] = framebuffers(device);
  if (shown === undefined) throw new Error('the device shows nothing');
  const framebuffer = struct(104); // struct drm_mode_fb_cmd2
  framebuffer.setUint32(0, shown, true);
  ask(device, getFramebuffer, framebuffer);
  const handle = framebuffer.getUint32(20, true);
  if (handle === 0) throw new Error('what the device shows is not for this user to see');
  const prime = struct(12); // struct drm_prime_handle
  prime.setUint32(0, handle, true);
  prime.setUint32(4, readWriteCloseOnExec, true);
  ask(device, handleToFd, prime);
  return {
    fd: prime.getInt32(8, true),
    fourcc: framebuffer.getUint32(12, true),
    width: framebuffer.getUint32(4, true),
    height: framebuffer.getUint32(8, true),
    pitch: framebuffer.getUint32(36, true),
  };
}
