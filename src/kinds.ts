/** The kinds of facades. A class that no other file refers to has its kind in its own file. */
import { Kind } from './facade.ts';

export const allocatorKind = new Kind('Allocator', 'GstAllocator', 'object');
export const customAllocatorKind = new Kind('CustomAllocator', 'GstAllocator', 'object', allocatorKind);
export const fdAllocatorKind = new Kind('FdAllocator', 'GstFdAllocator', 'object', allocatorKind);
export const dmaBufAllocatorKind = new Kind('DmaBufAllocator', 'GstDmaBufAllocator', 'object', fdAllocatorKind);
export const memoryKind = new Kind('Memory', 'GstMemory', 'mini');
export const bufferKind = new Kind('Buffer', 'GstBuffer', 'mini');
export const sampleKind = new Kind('Sample', 'GstSample', 'mini');
export const bufferPoolKind = new Kind('BufferPool', 'GstBufferPool', 'object');
export const allocationQueryKind = new Kind('AllocationQuery', 'GstQuery', 'mini');
export const pipelineKind = new Kind('Pipeline', 'GstPipeline', 'object');
export const branchKind = new Kind('Branch', 'GstBin', 'object');
export const elementKind = new Kind('Element', 'GstElement', 'object');
export const appSinkKind = new Kind('AppSink', 'GstAppSink', 'object', elementKind);
export const appSrcKind = new Kind('AppSrc', 'GstAppSrc', 'object', elementKind);
export const padKind = new Kind('Pad', 'GstPad', 'object');
