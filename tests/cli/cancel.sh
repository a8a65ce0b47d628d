# Ctrl-C and SIGTERM end the work in order and leave nothing behind.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

# interrupted SIGNAL: how a long run ends that gets it once it is at work. A shell's own
# background jobs ignore Ctrl-C, which a child of Python does not.
cat >interrupt.py <<'END'
import signal, subprocess, sys, time
name, command = sys.argv[1], sys.argv[2:]
child = subprocess.Popen(command, stderr=subprocess.PIPE, text=True,
                         preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
first = child.stderr.readline()
child.send_signal(getattr(signal, name))
print(name, child.stderr.read().splitlines()[-1], child.wait())
END
for name in SIGINT SIGTERM SIGHUP; do
    python3 interrupt.py $name "$toys" make-points a --model m --rows 1000 --pause 20 \
        -o points.gpkg --warn begun
done
python3 interrupt.py SIGINT "$toys" make-points a --model m --rows 1000 --pause 20 \
    --progress json -o points.gpkg --warn begun
rm interrupt.py
ls -A

echo 'twice, at work that does not listen:'
cat >twice.py <<'END'
import signal, subprocess, sys, time
child = subprocess.Popen(sys.argv[1:], stderr=subprocess.PIPE, text=True,
                         preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
child.stderr.readline()
time.sleep(0.3)
child.send_signal(signal.SIGINT)
time.sleep(0.3)
print("ended" if child.poll() is not None else "at work")
child.send_signal(signal.SIGINT)
print("killed by", -child.wait())
END
python3 twice.py "$toys" make-points a --model m --rows 1000 --pause 20 --deaf \
    -o points.gpkg --warn begun
rm twice.py
ls
