# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# Tables and charts of the CSV files.

# Lines OPERATION,USER,OURS,STOCK,RATIO,SECURE_OURS,SECURE_STOCK,REPEAT of a CSV file, the median
# of the rounds; REPEAT is how far rounds with the same modules are apart, in percent. In the
# file's order. What there is no figure of, as the modules have no such driver, is "-".
instruction_ratios() {
	awk -F, '
		function median(column, which, name,   n, i, j, value, sorted) {
			for (n = 0; (column, which, name, n + 1) in values; n++) {
				value = values[column, which, name, n + 1]
				for (i = n; i > 0 && sorted[i] > value; i--)
					sorted[i + 1] = sorted[i]
				sorted[i + 1] = value
			}
			least = sorted[1]
			most = sorted[n]
			return sorted[int((n + 1) / 2)]
		}
		NR == 1 { next }
		{
			if (!($3 in seen)) {
				seen[$3] = 1
				order[++count] = $3
			}
			n = ++rounds[$1, $3]
			for (i = 4; i <= 6; i++)
				values[i, $1, $3, n] = $i
		}
		function spread() {
			if (most && (most - least) / most > repeat)
				repeat = (most - least) / most
		}
		END {
			for (i = 1; i <= count; i++) {
				name = order[i]
				repeat = 0
				user = secure["ours"] = secure["stock"] = ratio = "-"
				split("", linux)
				for (which in secure) {
					linux[which] = "-"
					if (!rounds[which, name])
						continue
					user = median(4, which, name)
					secure[which] = median(6, which, name)
					linux[which] = median(5, which, name)
					spread()
				}
				if (linux["ours"] > 0 && linux["stock"] > 0)
					ratio = sprintf("%.3f", linux["ours"] / linux["stock"])
				printf "%s,%s,%s,%s,%s,%s,%s,%.1f\n", name, user, linux["ours"],
					linux["stock"], ratio, secure["ours"], secure["stock"],
					100 * repeat
			}
		}' "$1"
}

report_instructions() {
	echo "Instructions on $1: Linux's share (the driver, system call and all), the client's, the secure world's"
	echo
	printf '%-32s %10s %10s %6s  %8s %13s %13s %7s\n' operation 'Linux ours' 'stock' ratio client \
		'secure, ours' 'stock' repeat
	instruction_ratios "$2" | while IFS=, read -r name user ours stock ratio secure other repeat; do
		[ "$ratio" = - ] || printf -v ratio %.2f "$ratio"
		printf '%-32s %10s %10s %6s  %8s %13s %13s %6.1f%%\n' "$name" "$ours" "$stock" \
			"$ratio" "$user" "$secure" "$other" "$repeat"
	done
	echo
}

# Lines CPUS,CLIENTS,RATIO,LEAST,MOST: ours by stock of the same round; the median, and the spread.
throughput_ratios() {
	awk -F, '
		NR == 1 { next }
		{
			where = $1 "," $4
			if (!(where in rounds))
				order[++count] = where
			if (!rounds[where] || $3 > rounds[where])
				rounds[where] = $3
			calls[where, $3, $2] = $5
		}
		END {
			for (i = 1; i <= count; i++) {
				where = order[i]
				n = 0
				for (r = 1; r <= rounds[where]; r++) {
					if (!calls[where, r, "stock"])
						continue
					ratio = calls[where, r, "ours"] / calls[where, r, "stock"]
					for (j = n++; j > 0 && sorted[j] > ratio; j--)
						sorted[j + 1] = sorted[j]
					sorted[j + 1] = ratio
				}
				if (n)
					printf "%s,%.3f,%.3f,%.3f\n", where, sorted[int((n + 1) / 2)],
						sorted[1], sorted[n]
			}
		}' "$1"
}

report_throughput() {
	echo "Throughput on $1: calls with our modules by calls with the stock ones, in one boot"
	echo
	printf '%5s %8s %6s   %s\n' CPUs clients ratio 'least to most'
	throughput_ratios "$2" | while IFS=, read -r cpus clients ratio least most; do
		printf '%5d %8d %6.2f   %.2f to %.2f\n' "$cpus" "$clients" "$ratio" "$least" "$most"
	done
	echo
}

# report_charts DIR: one for each figure, of all CSV files that are there.
report_charts() {
	local csv kernel figure plots title

	for figure in instructions throughput; do
		plots=
		for kernel in "${ALL_KERNELS[@]}"; do
			csv=$1/$figure-$kernel.csv
			[ -e "$csv" ] || continue
			if [ $figure = instructions ]; then
				instruction_ratios "$csv" |
					awk -F, '$5 != "-" { print "\"" $1 "\"", $5 }'
			else
				throughput_ratios "$csv" | awk -F, '{ print "\"" $2 " on " $1 "\"", $3, $4, $5 }'
			fi >"$RUN_DIR/$figure-$kernel.plot"
			plots+="${plots:+, }'$RUN_DIR/$figure-$kernel.plot' using 2"
			[ $figure = instructions ] || plots+=':3:4'
			plots+=":xtic(1) title 'Linux $kernel'"
		done
		[ -n "$plots" ] || continue
		if [ $figure = instructions ]; then
			title='Instructions in Linux, ours by stock (less is better)'
		else
			title='Calls, ours by stock: clients on CPUs (more is better)'
		fi
		draw "$figure" "$title" "$plots" >"$RUN_DIR/$figure.gp"
		step "drawing $figure" "$RUN_DIR/gnuplot.log" gnuplot "$RUN_DIR/$figure.gp"
		cp "$RUN_DIR/$figure.svg" "$1/$figure.svg" || die setup "cannot write $1/$figure.svg"
		say "wrote $(short "$1/$figure.svg")"
	done
}

# draw FIGURE TITLE PLOTS
draw() {
	cat <<-EOF
	set terminal svg size 1000,480 noenhanced font 'sans-serif,12' background '#ffffff'
	set output '$RUN_DIR/$1.svg'
	set title "$2"
	set style data histogram
	set style histogram $([ "$1" = instructions ] && echo clustered || echo errorbars) gap 1
	set style fill solid 0.8 border -1
	set boxwidth 0.9
	set yrange [0:*]
	set grid ytics
	set xtics rotate by -40
	set key top right outside
	set arrow from graph 0, first 1 to graph 1, first 1 nohead lw 1 lc rgb '#444444' front
	plot $3
	EOF
}
