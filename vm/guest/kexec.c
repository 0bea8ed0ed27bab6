// SPDX-License-Identifier: BSD-2-Clause
/*
 * kexec [-n] [-a ARGS] IMAGE INITRAMFS: starts another kernel in place of this one.
 *
 * The next kernel gets the tree that this one was given, with another initramfs and a seed of
 * its own for random numbers, and ARGS behind the command line. -n: only says whether it could
 * be loaded.
 *
 * Linked statically, and without kexec-tools: one machine, one kind of image.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/kexec.h>
#include <linux/reboot.h>

/* As the harness puts them, see vm/qemu.sh. */
#define IMAGE_ADDRESS		0x40200000UL
#define INITRAMFS_ADDRESS	0x48000000UL
#define TREE_ADDRESS		0x4f000000UL
#define START_ADDRESS		0x4f200000UL

#define PAGE			4096UL
#define IMAGE_MAGIC		0x644d5241	/* "ARM\x64" */

#define FDT_MAGIC		0xd00dfeed
#define FDT_BEGIN_NODE		1
#define FDT_END_NODE		2
#define FDT_PROP		3
#define FDT_NOP			4
#define FDT_END			9

struct fdt_header {
	uint32_t magic, totalsize, off_struct, off_strings, off_rsvmap, version, last_comp_version,
		 boot_cpu, size_strings, size_struct;
};

/* Of the start of an arm64 image. */
struct image_header {
	uint32_t code[2];
	uint64_t text_offset, image_size, flags, reserved[3];
	uint32_t magic, pe;
};

static void __attribute__((noreturn, format(printf, 1, 2))) fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("kexec: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	exit(1);
}

static const void *map_file(const char *name, size_t *size)
{
	int fd = open(name, O_RDONLY);
	struct stat st;
	void *data;

	if (fd < 0 || fstat(fd, &st))
		fail("%s: %s", name, strerror(errno));
	data = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED)
		fail("%s: %s", name, strerror(errno));
	close(fd);
	*size = st.st_size;
	return data;
}

/* The tree that this kernel was given; sysfs files cannot be mapped. */
static const char *read_tree(size_t *size)
{
	static char data[1 << 20];
	int fd = open("/sys/firmware/fdt", O_RDONLY);
	size_t got = 0;
	ssize_t n = -1;

	while (fd >= 0 && got < sizeof(data) &&
	       (n = read(fd, data + got, sizeof(data) - got)) > 0)
		got += n;
	if (n)
		fail("/sys/firmware/fdt cannot be read");
	close(fd);
	*size = got;
	return data;
}

/**
 * struct tree - a device tree that is written anew
 * @old: as it was
 * @new: what there is of the new one's structure
 * @size: octets of it
 * @strings: names of properties, old and then new ones
 * @strings_size: octets of them
 */
struct tree {
	const char *old;
	char *new;
	size_t size;
	char *strings;
	size_t strings_size;
};

static void put_cell(struct tree *t, uint32_t cell)
{
	cell = htobe32(cell);
	memcpy(t->new + t->size, &cell, 4);
	t->size += 4;
}

static void put_octets(struct tree *t, const void *data, size_t size)
{
	memcpy(t->new + t->size, data, size);
	memset(t->new + t->size + size, 0, -size & 3);
	t->size += (size + 3) & ~3UL;
}

static void put_property(struct tree *t, const char *name, const void *data, size_t size)
{
	put_cell(t, FDT_PROP);
	put_cell(t, size);
	put_cell(t, t->strings_size);
	put_octets(t, data, size);
	memcpy(t->strings + t->strings_size, name, strlen(name) + 1);
	t->strings_size += strlen(name) + 1;
}

/* What /chosen says of the next kernel; of this one's all that is not named stays. */
struct chosen {
	char *bootargs;
	const char *more_args;
	uint64_t initramfs_start, initramfs_end;
};

static bool is_replaced(const char *name)
{
	static const char *const names[] = {
		"bootargs", "linux,initrd-start", "linux,initrd-end", "rng-seed", "kaslr-seed", NULL
	};

	for (size_t i = 0; names[i]; i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

static void put_chosen(struct tree *t, struct chosen *c)
{
	uint64_t start = htobe64(c->initramfs_start), end = htobe64(c->initramfs_end);
	char args[4096], seed[32];

	snprintf(args, sizeof(args), "%s%s%s", c->bootargs ? c->bootargs : "",
		 c->more_args ? " " : "", c->more_args ? c->more_args : "");
	if (getrandom(seed, sizeof(seed), 0) != sizeof(seed))
		fail("getrandom: %s", strerror(errno));
	put_property(t, "bootargs", args, strlen(args) + 1);
	put_property(t, "linux,initrd-start", &start, sizeof(start));
	put_property(t, "linux,initrd-end", &end, sizeof(end));
	put_property(t, "rng-seed", seed, sizeof(seed));
}

/* Walk the old structure. /chosen has no nodes below: what is new goes to its end. */
static void rewrite(struct tree *t, const struct fdt_header *h, struct chosen *c)
{
	const char *at = t->old + be32toh(h->off_struct);
	unsigned int depth = 0;
	bool in_chosen = false;

	for (;;) {
		uint32_t token = be32toh(*(const uint32_t *)at), size;
		const char *name;

		at += 4;
		switch (token) {
		case FDT_BEGIN_NODE:
			size = strlen(at) + 1;
			put_cell(t, token);
			put_octets(t, at, size);
			in_chosen = ++depth == 2 && !strcmp(at, "chosen");
			at += (size + 3) & ~3U;
			break;
		case FDT_PROP:
			size = be32toh(((const uint32_t *)at)[0]);
			name = t->strings + be32toh(((const uint32_t *)at)[1]);
			if (in_chosen && is_replaced(name)) {
				if (!strcmp(name, "bootargs"))
					c->bootargs = strndup(at + 8, size);
			} else {
				put_cell(t, token);
				put_cell(t, size);
				put_cell(t, name - t->strings);
				put_octets(t, at + 8, size);
			}
			at += 8 + ((size + 3) & ~3U);
			break;
		case FDT_END_NODE:
			if (in_chosen)
				put_chosen(t, c);
			in_chosen = false;
			depth--;
			put_cell(t, token);
			break;
		case FDT_NOP:
			break;
		case FDT_END:
			put_cell(t, token);
			return;
		default:
			fail("the device tree has a token %#x", token);
		}
	}
}

static void *make_tree(struct chosen *c, size_t *size)
{
	size_t old_size, head = sizeof(struct fdt_header);
	const char *old = read_tree(&old_size);
	const struct fdt_header *h = (const void *)old;
	struct fdt_header new_header;
	struct tree t = { .old = old };
	char *blob;
	size_t rsvmap;

	if (old_size < head || be32toh(h->magic) != FDT_MAGIC)
		fail("/sys/firmware/fdt is no device tree");
	t.new = malloc(old_size + 65536);
	t.strings_size = be32toh(h->size_strings);
	t.strings = malloc(t.strings_size + 1024);
	blob = calloc(1, 2 * old_size + 131072);
	if (!t.new || !t.strings || !blob)
		fail("no memory");
	memcpy(t.strings, old + be32toh(h->off_strings), t.strings_size);
	rewrite(&t, h, c);

	/* Reservations up to the empty one. */
	for (rsvmap = 0; ((const uint64_t *)(old + be32toh(h->off_rsvmap) + rsvmap))[1]; rsvmap += 16)
		;
	rsvmap += 16;
	new_header = *h;
	new_header.off_rsvmap = htobe32((head + 7) & ~7UL);
	new_header.off_struct = htobe32(((head + 7) & ~7UL) + rsvmap);
	new_header.size_struct = htobe32(t.size);
	new_header.off_strings = htobe32(be32toh(new_header.off_struct) + t.size);
	new_header.size_strings = htobe32(t.strings_size);
	*size = be32toh(new_header.off_strings) + t.strings_size;
	new_header.totalsize = htobe32(*size);
	memcpy(blob, &new_header, head);
	memcpy(blob + be32toh(new_header.off_rsvmap), old + be32toh(h->off_rsvmap), rsvmap);
	memcpy(blob + be32toh(new_header.off_struct), t.new, t.size);
	memcpy(blob + be32toh(new_header.off_strings), t.strings, t.strings_size);
	return blob;
}

/* x0 = tree, x1 to x3 = 0, then to the image: as the boot protocol has it. */
static struct {
	uint32_t code[6];
	uint64_t image, tree;
} start = {
	{ 0x580000c4, 0x580000e0, 0xaa1f03e1, 0xaa1f03e2, 0xaa1f03e3, 0xd61f0080 },
	IMAGE_ADDRESS, TREE_ADDRESS,
};

static struct kexec_segment segment(const void *data, size_t size, unsigned long address,
				    size_t room)
{
	struct kexec_segment s = {
		.buf = data,
		.bufsz = size,
		.mem = (void *)address,
		.memsz = ((room > size ? room : size) + PAGE - 1) & ~(PAGE - 1),
	};

	return s;
}

int main(int argc, char **argv)
{
	struct chosen chosen = { .initramfs_start = INITRAMFS_ADDRESS };
	size_t image_size, initramfs_size, tree_size;
	const struct image_header *header;
	struct kexec_segment segments[4];
	const void *image, *initramfs, *tree;
	bool dry = false;
	int option;

	while ((option = getopt(argc, argv, "na:")) >= 0) {
		if (option == 'n')
			dry = true;
		else if (option == 'a')
			chosen.more_args = optarg;
		else
			return 2;
	}
	if (argc - optind != 2) {
		fputs("usage: kexec [-n] [-a ARGS] IMAGE INITRAMFS\n", stderr);
		return 2;
	}
	image = map_file(argv[optind], &image_size);
	header = image;
	if (image_size < sizeof(*header) || header->magic != IMAGE_MAGIC)
		fail("%s is no arm64 image", argv[optind]);
	initramfs = map_file(argv[optind + 1], &initramfs_size);
	if (header->image_size > INITRAMFS_ADDRESS - IMAGE_ADDRESS ||
	    initramfs_size > TREE_ADDRESS - INITRAMFS_ADDRESS)
		fail("too large");
	chosen.initramfs_end = INITRAMFS_ADDRESS + initramfs_size;
	tree = make_tree(&chosen, &tree_size);

	segments[0] = segment(image, image_size, IMAGE_ADDRESS, header->image_size);
	segments[1] = segment(initramfs, initramfs_size, INITRAMFS_ADDRESS, 0);
	segments[2] = segment(tree, tree_size, TREE_ADDRESS, 0);
	segments[3] = segment(&start, sizeof(start), START_ADDRESS, 0);
	if (syscall(SYS_kexec_load, START_ADDRESS, 4UL, segments, (unsigned long)KEXEC_ARCH_AARCH64))
		fail("kexec_load: %s", strerror(errno));
	if (dry)
		return 0;
	sync();
	syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_KEXEC, NULL);
	fail("reboot: %s", strerror(errno));
}
