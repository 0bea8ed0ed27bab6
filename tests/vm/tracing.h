/* SPDX-License-Identifier: BSD-2-Clause */
/* Events of the drivers, in an instance of their own. */
#ifndef TRACING_H
#define TRACING_H

/* Those of @system of all tasks, from now on; skips the case where there is nothing to look at. */
void tracing_begin(const char *system);
/* And those of another one. */
void tracing_add(const char *system);
/* Only those of this process and its children. */
void tracing_follow(void);
/* The events so far; no more of them. */
void tracing_take(void);
void tracing_end(void);

/* What was taken. */
const char *tracing_text(void);
/* The next event of this name behind the last one found that has @fields; ends the case if none. */
const char *tracing_next(const char *name, const char *fields);
/* From the first one again. */
void tracing_rewind(void);
unsigned int tracing_count(const char *name);

#endif /* TRACING_H */
