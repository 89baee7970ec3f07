// What is fixed of calendars. Without zod: the web loads this with its forms.

export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/** The years that a calendar can speak of at all: beyond them neither the holidays of countries nor those of markets are known. */
export const firstYear = 1900;
export const lastYear = 2199;
