# The only entry points: make run · make test · make bench · make check
.PHONY: run test bench check

run test bench check:
	@scripts/$@
