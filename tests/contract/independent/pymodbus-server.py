"""A Modbus server that shares no code with Coline: pymodbus, as Debian packages it.

usage: pymodbus-server.py tcp PORT | pymodbus-server.py rtu PATH
Unit 7; 200 coils, discrete inputs, holding and input registers from address 0. Input n is on when n is a multiple of 3,
input register n holds 1000 + n.
"""

import logging
import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext

# Refusals are part of the test, and no news.
logging.disable(logging.ERROR)

SIZE = 200
unit = ModbusSlaveContext(
    di=ModbusSequentialDataBlock(0, [n % 3 == 0 for n in range(SIZE)]),
    co=ModbusSequentialDataBlock(0, [False] * SIZE),
    hr=ModbusSequentialDataBlock(0, [0] * SIZE),
    ir=ModbusSequentialDataBlock(0, [1000 + n for n in range(SIZE)]),
    zero_mode=True,
)
context = ModbusServerContext(slaves={7: unit}, single=False)


def main() -> None:
    kind, where = sys.argv[1:3]
    if kind == "tcp":
        from pymodbus.server import StartTcpServer

        StartTcpServer(context=context, address=("127.0.0.1", int(where)))
    else:
        from pymodbus.server import StartSerialServer
        from pymodbus.transaction import ModbusRtuFramer

        StartSerialServer(context=context, framer=ModbusRtuFramer, port=where, baudrate=115200)


main()
