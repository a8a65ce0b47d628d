# A second Ctrl-C kills work that does not listen, and there is no output.
# SPDX-License-Identifier: Apache-2.0
. "$HERE/toys"

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
