#!/bin/sh
# Makes the namespace when it is missing. Closed workflows stay for 30 days;
# our own record of each case is in PostgreSQL and stays.
set -eu
temporal operator namespace describe --namespace default >/dev/null 2>&1 ||
	temporal operator namespace create --namespace default --retention 720h
