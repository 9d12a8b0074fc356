// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Test} from "../fixtures/Test.sol";

/// @notice The cheatcodes of simulations alone.
interface SimulationVm {
    function envOr(string calldata name, uint256 fallback_) external view returns (uint256);
    function txGasPrice(uint256 price) external;
}

/// @title Many episodes of one adversary, and their figures
/// @notice An episode is a call that always reverts with what it measured, so that each begins with the same state.
/// `ADVERSARY_EPISODES` and `ADVERSARY_SEED` of the environment make a longer run, or another one.
abstract contract Simulation is Test {
    uint256 private constant EPISODES = 200;
    int256 private constant SIGMAS = 4;
    uint256 private constant MICRO = 1e6;
    address private constant CONSOLE = 0x000000000000000000636F6e736F6c652e6c6f67;

    /// @notice What an episode measured, in the units of its own choice.
    error Measured(int256[] values);

    /// @notice A column of figures over the episodes.
    struct Series {
        int256 count;
        int256 sum;
        uint256 squares;
        int256 most;
    }

    /// @notice The episode's own source of chance.
    uint256 private _entropy;

    /// @notice Runs an episode by its number; reverts with `Measured`.
    function episode(uint256 scenario, uint256 entropy) external {
        _entropy = entropy;
        revert Measured(_play(scenario));
    }

    /// @notice Plays one episode of the scenario and returns its figures.
    function _play(uint256 scenario) internal virtual returns (int256[] memory);

    /// @notice Runs all episodes of a scenario.
    /// @return columns The figures' series.
    function _run(uint256 scenario) internal returns (Series[] memory columns) {
        SimulationVm environment = SimulationVm(address(vm));
        uint256 episodes = environment.envOr("ADVERSARY_EPISODES", EPISODES);
        uint256 seed = environment.envOr("ADVERSARY_SEED", 1);
        for (uint256 i; i < episodes; ++i) {
            uint256 free;
            assembly ("memory-safe") {
                free := mload(0x40)
            }
            uint256 entropy = uint256(keccak256(abi.encode(seed, scenario, i)));
            int256[] memory values = _valuesOf(scenario, entropy, i);
            if (columns.length == 0) {
                columns = new Series[](values.length);
                for (uint256 j; j < values.length; ++j) columns[j].most = type(int256).min;
                _add(columns, values);
                continue;
            }
            _add(columns, values);
            // What an episode leaves in memory would cost the later ones more and more.
            assembly ("memory-safe") {
                mstore(0x40, free)
            }
        }
    }

    function _valuesOf(
        uint256 scenario,
        uint256 entropy,
        uint256 number
    ) private returns (int256[] memory values) {
        try this.episode(scenario, entropy) {
            assertTrue(false, "an episode always reverts");
        } catch (bytes memory answer) {
            if (bytes4(answer) != Measured.selector) {
                _say(string.concat("episode ", _digits(number, 1), " failed"));
                assembly ("memory-safe") {
                    revert(add(answer, 32), mload(answer))
                }
            }
            assembly ("memory-safe") {
                mstore(add(answer, 4), sub(mload(answer), 4))
                answer := add(answer, 4)
            }
            return abi.decode(answer, (int256[]));
        }
    }

    function _add(Series[] memory columns, int256[] memory values) private pure {
        for (uint256 j; j < values.length; ++j) {
            int256 value = values[j];
            ++columns[j].count;
            columns[j].sum += value;
            columns[j].squares += uint256(value * value);
            if (value > columns[j].most) columns[j].most = value;
        }
    }

    // -- Chance --

    function _random() internal returns (uint256) {
        return uint256(keccak256(abi.encode(_entropy++)));
    }

    function _below(uint256 limit) internal returns (uint256) {
        return _random() % limit;
    }

    function _oneIn(uint256 count) internal returns (bool) {
        return _below(count) == 0;
    }

    // -- Figures --

    function _mean(Series memory series) internal pure returns (int256) {
        return series.sum / series.count;
    }

    /// @notice The standard error of the mean, rounded up.
    function _error(Series memory series) internal pure returns (int256) {
        uint256 count = uint256(series.count);
        if (series.squares == 0) return 0;
        uint256 mean2 = uint256((series.sum * series.sum) / series.count);
        return int256(_root((series.squares - mean2) / count / count) + 1);
    }

    function _root(uint256 value) private pure returns (uint256 root) {
        if (value == 0) return 0;
        root = value;
        uint256 next = value / 2 + 1;
        while (next < root) {
            root = next;
            next = (root + value / root) / 2;
        }
    }

    /// @notice The series was 0 in every episode.
    function _assertZero(Series memory series, string memory what) internal pure {
        assertEq(series.squares, 0, what);
    }

    /// @notice No mean above 0 explains the series better than chance does: 4 standard errors, 1 in 30,000.
    function _assertNoGain(Series memory series, string memory what) internal pure {
        assertTrue(_mean(series) <= SIGMAS * _error(series), what);
    }

    /// @notice The mean is below 0 by more than chance explains.
    function _assertLoss(Series memory series, string memory what) internal pure {
        assertTrue(_mean(series) < -SIGMAS * _error(series), what);
    }

    /// @notice The mean is above 0 by more than chance explains: a control, which shows that the simulation would see a gain.
    function _assertGain(Series memory series, string memory what) internal pure {
        assertTrue(_mean(series) > SIGMAS * _error(series), what);
    }

    /// @notice The mean is 0 up to chance.
    function _assertFair(Series memory series, string memory what) internal pure {
        _assertNoGain(series, what);
        assertTrue(_mean(series) >= -SIGMAS * _error(series), what);
    }

    /// @notice Prints a series, by episode, in whole units of `unit` with six decimals.
    function _print(string memory name, Series memory series, uint256 unit) internal view {
        string memory mean = string.concat(_decimal(_mean(series), unit), " +- ");
        mean = string.concat(mean, _decimal(_error(series), unit));
        _say(string.concat("  ", name, ": mean ", mean, ", most ", _decimal(series.most, unit)));
    }

    function _line(string memory name, int256 value, uint256 unit) internal view {
        _say(string.concat("  ", name, ": ", _decimal(value, unit)));
    }

    function _title(string memory title, Series memory series) internal view {
        _say(string.concat(title, ": ", _digits(uint256(series.count), 1), " episodes"));
    }

    /// @dev As Hardhat's `console.log`.
    function _say(string memory text) private view {
        (bool heard, ) = CONSOLE.staticcall(abi.encodeWithSignature("log(string)", text));
        assertTrue(heard);
    }

    function _decimal(int256 value, uint256 unit) internal pure returns (string memory) {
        uint256 size = uint256(value < 0 ? -value : value);
        // Half up in the last of the six decimals.
        uint256 micro = (size * MICRO + unit / 2) / unit;
        string memory whole = string.concat(value < 0 ? "-" : "", _digits(micro / MICRO, 1));
        if (micro % MICRO == 0) return whole;
        return string.concat(whole, ".", _digits(micro % MICRO, 6));
    }

    function _digits(uint256 value, uint256 least) private pure returns (string memory text) {
        while (value != 0 || least != 0) {
            text = string.concat(string(abi.encodePacked(uint8(48 + (value % 10)))), text);
            value /= 10;
            if (least != 0) --least;
        }
    }
}
