# Outlives whoever started it by a moment: ends the processes that they left behind, and takes their folder away.
# stdin: a line `start PID` or `end PID` for each process; its end means that the owner is gone, by whatever way.
# usage: sh watchdog.sh FOLDER
trap '' HUP INT TERM

left=''
while read -r what pid; do
  others=''
  for one in $left; do
    [ "$one" = "$pid" ] || others="$others $one"
  done
  left=$others
  [ "$what" = end ] || left="$left $pid"
done

for pid in $left; do
  kill -KILL "$pid" 2> /dev/null
done

# A process that is still dying may write once more.
for _ in 1 2 3 4 5 6 7 8 9 10; do
  rm -rf "$1" && break
  sleep 0.1
done
