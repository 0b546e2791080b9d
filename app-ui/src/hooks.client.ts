import { failed } from '$lib/failed';

/** What a screen could not read is said in words where the screen would be. */
export const handleError = ({ error }: { error: unknown }) => ({ message: failed(error) });
