# The only entry points: make run · make test · make bench · make check
.PHONY: run test bench check packages build release models

run test bench check:
	@scripts/$@
