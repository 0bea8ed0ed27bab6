// SPDX-License-Identifier: BSD-2-Clause
/* teectl: looks at TEE devices and calls trusted applications. */
#include "main.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "abi/version.h"
#include "array.h"
#include "param.h"

/* One entry an area. */
static const struct command * const commands[] = {
	&cmd_list, &cmd_info, &cmd_invoke, &cmd_wait_ready,
	&cmd_threads, &cmd_sessions, &cmd_shm, &cmd_stats,
	&cmd_trace, &cmd_log, &cmd_qtee, &cmd_ts,
};

/* A day: nobody waits longer, and nothing overflows. */
#define TIMEOUT_MAX_S	86400

#define NUM_COMMANDS	ARRAY_SIZE(commands)

void complain(const char *next, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "teectl: ");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, next ? "; %s\n" : "\n", next);
}

static void print_help(void)
{
	printf("usage: teectl [OPTION...] COMMAND [ARGUMENT...]\n\n");
	for (size_t i = 0; i < NUM_COMMANDS; i++)
		printf("  %s %-*s %s\n", commands[i]->name,
		       37 - (int)strlen(commands[i]->name), commands[i]->arguments,
		       commands[i]->what);
	printf("\n"
	       "  -o, --output text|json|perfetto        form of the output; the last one of trace alone\n"
	       "  -l, --login public|user|group:GID      identity for invoke\n"
	       "  -s, --supplicant                       wait-ready: for a supplicant, too\n"
	       "  -t, --timeout S                        wait-ready, trace: at most S seconds\n"
	       "  -V, --version                          version\n"
	       "      --latency on|off                   stats: measure how long calls take\n"
	       "  -f, --follow                           log: go on as lines come\n"
	       "  -h, --help                             this text\n"
	       "\n"
	       "DEVICE is /dev/tee0, tee0 or 0. A call has up to four PARAMs:\n"
	       "  value:A[,B]  value-in:A[,B]  value-out  value-inout:A[,B]   numbers of 32 bits\n"
	       "  in:FILE          memory with the contents of FILE ('-': standard input)\n"
	       "  out:FILE:SIZE    memory of SIZE bytes, written to FILE ('-': shown in hexadecimal)\n"
	       "  inout:FILE       memory with the contents of FILE, which is written back\n"
	       "  null:in  null:out  null:inout                  a NULL memory reference\n"
	       "  none                                           an empty place\n"
	       "\n"
	       "Trusted Services, of the first device that has them; FILE may be '-':\n"
	       "  ts list                    devices and their services\n"
	       "  ts its-set UID FILE        store FILE as an object; ts its-get UID, ts its-rm UID\n"
	       "  ts random SIZE             so many octets\n"
	       "  ts hash sha256 FILE        or sha1, sha224, sha384, sha512\n"
	       "  ts sign KEY FILE           by a P-256 key of this number, made if there is none\n"
	       "  ts attest CHALLENGE        a token for 32, 48 or 64 octets in hexadecimal\n"
	       "\n"
	       "exit status: 0 ok, 1 the trusted side answered an error, 2 usage, 3 device or\n"
	       "system error, 4 no such device, 5 not ready in time\n");
}

static bool parse_login(const char *text, struct options *opt)
{
	uint64_t gid;

	if (!strcmp(text, "public")) {
		opt->login = TEE_IOCTL_LOGIN_PUBLIC;
	} else if (!strcmp(text, "user")) {
		opt->login = TEE_IOCTL_LOGIN_USER;
	} else if (!strncmp(text, "group:", 6) && number_parse(text + 6, UINT32_MAX, &gid)) {
		opt->login = TEE_IOCTL_LOGIN_GROUP;
		opt->gid = gid;
	} else {
		return false;
	}
	return true;
}

static int usage(const char *what, const char *word)
{
	complain("'teectl --help' shows how", "%s%s%s%s", what, word ? " '" : "", word ? word : "",
		 word ? "'" : "");
	return EXIT_USAGE;
}

static int run(const struct options *opt, int argc, char **argv)
{
	const struct command *cmd = NULL;

	for (size_t i = 0; i < NUM_COMMANDS; i++)
		if (!strcmp(commands[i]->name, argv[0]))
			cmd = commands[i];
	if (!cmd)
		return usage("unknown command", argv[0]);
	if (argc - 1 < cmd->min_args)
		return usage("too few arguments for", cmd->name);
	if (cmd->max_args >= 0 && argc - 1 > cmd->max_args)
		return usage("too many arguments for", cmd->name);
	if (opt->perfetto && cmd != &cmd_trace)
		return usage("there is no output 'perfetto' of", cmd->name);
	return cmd->run(opt, argc - 1, argv + 1);
}

int teectl(int argc, char **argv)
{
	static const struct option long_options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "login", required_argument, NULL, 'l' },
		{ "supplicant", no_argument, NULL, 's' },
		{ "timeout", required_argument, NULL, 't' },
		{ "version", no_argument, NULL, 'V' },
		{ "latency", required_argument, NULL, 'L' },
		{ "follow", no_argument, NULL, 'f' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct options opt = { .timeout_s = -1 };
	int c, status;
	uint64_t number;

	while ((c = getopt_long(argc, argv, ":o:l:st:fVh", long_options, NULL)) >= 0) {
		switch (c) {
		case 'o':
			opt.json = !strcmp(optarg, "json");
			opt.perfetto = !strcmp(optarg, "perfetto");
			if (!opt.json && !opt.perfetto && strcmp(optarg, "text"))
				return usage("unknown output", optarg);
			break;
		case 'L':
			opt.latency = !strcmp(optarg, "on") ? 1 : -1;
			if (opt.latency < 0 && strcmp(optarg, "off"))
				return usage("latency is on or off, not", optarg);
			break;
		case 'f':
			opt.follow = true;
			break;
		case 'l':
			if (!parse_login(optarg, &opt))
				return usage("unknown login", optarg);
			break;
		case 's':
			opt.supplicant = true;
			break;
		case 't':
			if (!number_parse(optarg, TIMEOUT_MAX_S, &number))
				return usage("no number of seconds:", optarg);
			opt.timeout_s = number;
			break;
		case 'V':
			printf("%s %s\n", __func__, OMNITEE_VERSION);
			return EXIT_OK;
		case 'h':
			print_help();
			return EXIT_OK;
		case ':':
			return usage("a value is missing behind", argv[optind - 1]);
		default:
			return usage("unknown option", argv[optind - 1]);
		}
	}
	if (optind == argc)
		return usage("no command", NULL);
	status = run(&opt, argc - optind, argv + optind);
	if (fflush(stdout) || ferror(stdout)) {
		complain(NULL, "standard output: %m");
		return EXIT_SYSTEM;
	}
	return status;
}
